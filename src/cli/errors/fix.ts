import type { CallErrorCode } from "../../call/call-error.ts";
import type { ErrorCause } from "../../run/errors/error-causes.ts";
import { shellCommand } from "../run/shell-command.ts";
import { type FixReason, fixReasons } from "./fix-reasons.ts";

/** A way to deal with a cause. */
export interface Fix {
  readonly kind: "see" | "try" | "or";
  /** What it is, where the command does not say it. */
  readonly reason?: string;
  /** As it can be typed; absent where something else than a command is called for. */
  readonly command?: string;
}

/** What a fix is made for. */
export interface FixFacts {
  readonly cause: ErrorCause;
  /** The output as the user may type it. */
  readonly output: string;
  readonly chinese: boolean;
}

/** What to do about a cause, the best first. */
export const fixesOf = ({ cause, output, chinese }: FixFacts): readonly Fix[] => {
  const reasons = fixReasons(chinese);
  const [id] = cause.ids;
  const show =
    id === undefined ? [] : [{ kind: "see", command: shellCommand(["sluice", "show", output, id]) } as const];
  return [
    ...(looked.has(cause.code) ? show : []),
    ...ways[cause.code].map((way) => fixOf(way, cause, output, reasons)),
  ];
};

/** Where one row says more than its message. */
const looked: ReadonlySet<CallErrorCode> = new Set([
  "invalid_request",
  "content_filter",
  "context_length",
  "schema",
  "malformed",
  "too_large",
]);

interface Way {
  readonly kind: "try" | "or";
  readonly reason?: FixReason;
  /** What goes behind `sluice`; `{output}`, `{code}` and `{model}` stand for those of the cause. */
  readonly words?: readonly string[];
}

const fixOf = (
  { kind, reason, words }: Way,
  { code, models }: ErrorCause,
  output: string,
  reasons: Readonly<Record<FixReason, string>>,
): Fix => {
  const values: Readonly<Record<string, string>> = {
    "{output}": output,
    "{code}": code,
    "{model}": models[0] ?? "provider/model",
  };
  return {
    kind,
    ...(reason === undefined ? {} : { reason: reasons[reason] }),
    ...(words === undefined ? {} : { command: shellCommand(["sluice", ...words.map((word) => values[word] ?? word)]) }),
  };
};

const retry = ["retry", "{output}"] as const;
const retryThese = [...retry, "--code", "{code}"] as const;
const otherModel = [...retryThese, "-m", "provider/model"] as const;
const later: readonly Way[] = [{ kind: "try", reason: "later", words: retry }];

const ways: Readonly<Record<CallErrorCode, readonly Way[]>> = {
  auth: [
    { kind: "try", reason: "key", words: ["doctor"] },
    { kind: "or", reason: "afterwards", words: retryThese },
  ],
  quota_exhausted: [
    { kind: "try", reason: "credit", words: retryThese },
    { kind: "or", reason: "otherModel", words: otherModel },
  ],
  throttled: [
    { kind: "try", reason: "slower", words: [...retry, "-j", "5"] },
    { kind: "or", reason: "limits", words: ["limits", "{model}", "--probe"] },
  ],
  too_large: [
    { kind: "try", reason: "smaller", words: [...retryThese, "--max-tokens", "1k"] },
    { kind: "or", reason: "otherModel", words: otherModel },
  ],
  content_filter: [
    { kind: "try", reason: "otherModel", words: otherModel },
    { kind: "or", reason: "leave" },
  ],
  context_length: [
    { kind: "try", reason: "longerContext", words: otherModel },
    { kind: "or", reason: "shorten", words: ["errors", "{output}", "--code", "{code}", "--ids"] },
  ],
  not_found: [
    { kind: "try", reason: "models", words: ["models", "--live", "-m", "{model}"] },
    { kind: "or", reason: "otherModel", words: otherModel },
  ],
  invalid_request: [
    { kind: "try", reason: "request", words: retryThese },
    { kind: "or", reason: "otherModel", words: otherModel },
  ],
  schema: [{ kind: "try", reason: "schema", words: retryThese }],
  timeout: [{ kind: "try", reason: "patience", words: [...retryThese, "--timeout", "20m"] }],
  network: [
    { kind: "try", reason: "network", words: ["doctor"] },
    { kind: "or", reason: "afterwards", words: retry },
  ],
  server: later,
  overloaded: [...later, { kind: "or", reason: "otherModel", words: otherModel }],
  malformed: later,
  interrupted: later,
  cancelled: [{ kind: "try", words: retry }],
  budget: [{ kind: "try", words: retry }],
  queue_full: [{ kind: "try", words: retry }],
  closed: [{ kind: "try", words: retry }],
};
