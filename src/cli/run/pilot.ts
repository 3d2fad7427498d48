import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Result } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import type { ManyOptions, Requests } from "../../client/llm.ts";
import type { RunClient } from "../../run/run-options.ts";
import { grouped } from "../display/amount-text.ts";
import { printableLine } from "../display/printable.ts";
import type { Style } from "../display/style.ts";

/** A trial is small enough to be read. */
const mostRows = 20;
const longestText = 300;

/** Keeps what a few rows asked and got, to be shown when the run is over. */
export interface Pilot {
  /** The client, listened to. */
  readonly llm: RunClient;
  lines(style: Style): readonly string[];
}

/** Whether a run is a trial: so few rows were asked for that their answers are to be looked at. */
export const isPilot = (limit: number | undefined): boolean => limit !== undefined && limit <= mostRows;

/** Listens to a client. */
export const pilot = (llm: RunClient): Pilot => {
  const exchanges = new Map<string, Exchange>();
  return {
    llm: {
      asCompleted: (requests, options) => heard(llm, exchanges, requests, options),
      stats: () => llm.stats(),
      ...(llm.estimates === undefined ? {} : { estimates: llm.estimates.bind(llm) }),
    },
    lines: ({ words, glyphs, colours }) => {
      const ended = [...exchanges.values()].filter(({ answer }) => answer !== undefined);
      if (ended.length === 0) return [];
      const lines = ended.flatMap(({ id, prompt, answer = "", ok = false }) => [
        `  ${colours.bold(short(id))}  ${short(prompt)}`,
        `    ${glyphs.arrow} ${ok ? short(answer) : colours.red(short(answer))}`,
      ]);
      return [words.estimate.answers(grouped(ended.length)), ...lines, ""];
    },
  };
};

interface Exchange {
  readonly id: string;
  readonly prompt: string;
  answer?: string;
  ok?: boolean;
}

async function* heard(
  llm: RunClient,
  exchanges: Map<string, Exchange>,
  requests: Requests,
  options?: ManyOptions,
): AsyncGenerator<Result<ChatReply>> {
  for await (const result of llm.asCompleted(overheard(exchanges, requests), options)) {
    const exchange = exchanges.get(result.id);
    if (exchange !== undefined) {
      exchange.ok = result.ok;
      exchange.answer = result.ok ? result.value.text : `${result.error.code}: ${result.error.message}`;
    }
    yield result;
  }
}

async function* overheard(exchanges: Map<string, Exchange>, requests: Requests): AsyncGenerator<string | ChatRequest> {
  for await (const request of requests) {
    if (typeof request === "object" && request.id !== undefined)
      exchanges.set(request.id, { id: request.id, prompt: promptOf(request.body ?? {}) });
    yield request;
  }
}

/** What was asked last, in whichever format. */
const promptOf = ({ messages, contents, input }: JsonObject): string => {
  const talk = messages ?? contents ?? input;
  return textsIn(Array.isArray(talk) ? (talk as readonly JsonValue[]).at(-1) : talk).join(" ");
};

const textsIn = (value: JsonValue | undefined): readonly string[] => {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(textsIn);
  return isJsonObject(value) ? textsIn(value["content"] ?? value["parts"] ?? value["text"]) : [];
};

const short = (text: string): string => {
  // Of a long text, what is cut off need not be made printable first.
  const line = printableLine(text.slice(0, 4 * longestText));
  return line.length <= longestText ? line : `${line.slice(0, longestText - 1)}…`;
};
