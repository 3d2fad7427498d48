import type { Answer } from "./answer.ts";
import type { Completion } from "./dialect.ts";
import type { Frame, Script } from "./script.ts";

/** The words of a stream. */
export interface StreamWire {
  /** What comes with, and before, the first token. */
  readonly head: string;
  /** One token of the answer with that index. */
  readonly token: (index: number, token: string, place: number) => string;
  /** What comes behind the last token. */
  readonly tail: string;
}

/** Delivers a completion as server-sent events: the head, a frame per token, and the tail. */
export const tokenStream = ({ answers, latency }: Completion, wire: StreamWire): Script => {
  const last = longest(answers) - 1;
  const frames: Frame[] = [{ atMs: latency.firstMs, text: wire.head, tokens: 0, completes: false }];
  for (let place = 0; place <= last; place++) {
    frames.push(tokenFrame(answers, place, latency.firstMs + place * latency.tokenMs, wire));
  }
  frames.push({ atMs: latency.firstMs + last * latency.tokenMs, text: wire.tail, tokens: 0, completes: true });
  return {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
    frames,
    ending: "end",
    filler: ": keep-alive\n\n",
  };
};

/** Delivers a completion as one JSON body, when its last token has been generated. */
export const wholeBody = ({ answers, latency }: Completion, body: object): Script => {
  const text = JSON.stringify(body);
  const atMs = latency.firstMs + (longest(answers) - 1) * latency.tokenMs;
  return {
    headers: { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) },
    frames: [{ atMs, text, tokens: countTokens(answers), completes: true }],
    ending: "end",
    filler: "\n",
  };
};

/** The tokens of all choices together. */
export const countTokens = (answers: readonly Answer[]): number =>
  answers.reduce((sum, answer) => sum + answer.tokens.length, 0);

const longest = (answers: readonly Answer[]): number => Math.max(1, ...answers.map((answer) => answer.tokens.length));

const tokenFrame = (answers: readonly Answer[], place: number, atMs: number, wire: StreamWire): Frame => {
  let text = "";
  let tokens = 0;
  answers.forEach((answer, index) => {
    const token = answer.tokens[place];
    if (token === undefined) return;
    text += wire.token(index, token, place);
    tokens++;
  });
  return { atMs, text, tokens, completes: false };
};
