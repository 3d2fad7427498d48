import type { CallError, CallErrorCode } from "../../call/call-error.ts";
import { shownAddress } from "../../provider/shown-address.ts";
import { durationText } from "../display/time-text.ts";
import { english } from "../display/words-en.ts";
import type { RunTarget } from "./run-target.ts";
import { shellCommand } from "./shell-command.ts";

/** A call of a command has failed. The message is written for the person who made it. */
export class CallFailure extends Error {
  override readonly name = "CallFailure";
  /** 4: nothing can succeed until something outside is fixed. */
  readonly exitCode: 3 | 4;

  constructor(error: CallError, facts: FailureFacts) {
    const notes = [...keyNotes(error, facts.target), ...attemptNotes(error), `fix        ${fixOf(error, facts)}`];
    super([`${error.code}: ${error.message}`, ...notes.map((note) => `  ${note}`)].join("\n"), { cause: error });
    this.exitCode = outside.has(error.code) ? 4 : 3;
  }
}

/** What a failure is told with. */
export interface FailureFacts {
  readonly target: Pick<RunTarget, "provider" | "keyMask"> & { readonly keySource?: string | undefined };
  /** As it was typed. */
  readonly model: string;
  readonly baseURL?: string | undefined;
}

const outside: ReadonlySet<CallErrorCode> = new Set(["auth", "quota_exhausted"]);

const keyNotes = ({ code }: CallError, { keyMask, keySource }: FailureFacts["target"]): readonly string[] => {
  if (code !== "auth" && code !== "quota_exhausted") return [];
  return [
    keyMask === undefined ? "key        none was sent" : `key        ${keyMask} from ${keySource ?? "the options"}`,
  ];
};

const attemptNotes = ({ attempts }: CallError): readonly string[] =>
  attempts > 1 ? [`tried      ${attempts} times`] : [];

const fixOf = (error: CallError, facts: FailureFacts): string => {
  const { retryAfterMs } = error;
  const fix = fixes[error.code] ?? again;
  const wait = retryAfterMs === undefined ? "" : ` (the provider asks to wait ${durationText(retryAfterMs, english)})`;
  return `${fix(facts)}${wait}`;
};

const again = (): string => "ask again in a while: the fault is the provider's";

const fixes: Readonly<Partial<Record<CallErrorCode, (facts: FailureFacts) => string>>> = {
  auth: (facts) => `check the key and what it may do at ${whose(facts)}; sluice doctor says more`,
  quota_exhausted: (facts) => `add credit or raise the quota at ${whose(facts)}, or ask another model with -m`,
  throttled: () => "ask again in a while; sluice limits shows the limits that are known",
  not_found: (facts) => `${commandWith("models --live", facts)}   lists what there is`,
  invalid_request: () => "change what the message names: -m, -P or --max-tokens",
  context_length: () => "ask with less text, or a model that takes more",
  too_large: () => "ask with less text: the limit of tokens is smaller than this call",
  content_filter: () => "ask in other words: the provider's filter refused these",
  timeout: () => "--timeout 20m gives the answer longer",
  network: (facts) => `${commandWith("doctor", facts)}   looks at the address, the proxy and the certificate`,
  interrupted: () => "ask again: the answer broke off after it had begun",
};

/** A model that several providers serve is told by its own name. */
const whose = ({ target, model }: FailureFacts): string => target.provider ?? `the providers of ${model}`;

const commandWith = (command: string, { model, baseURL }: FailureFacts): string =>
  shellCommand([
    "sluice",
    ...command.split(" "),
    "-m",
    model,
    ...(baseURL === undefined ? [] : ["--base-url", shownAddress(baseURL)]),
  ]);
