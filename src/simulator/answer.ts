import type { Rng } from "../time/rng.ts";
import { clipText } from "./clip-text.ts";
import { logNormal } from "./log-normal.ts";

/** What the model says, token by token. */
export interface Answer {
  readonly tokens: readonly string[];
  readonly finish: "stop" | "length";
}

/** What an answer is made from. */
export interface AnswerOptions {
  readonly prompt: string;
  /** The median length of an answer, in tokens. */
  readonly outputTokens: number;
  readonly maxTokens: number | undefined;
  readonly wantsJson: boolean;
}

/** Makes up an answer that repeats the beginning of its prompt, so that a mixed-up answer shows. */
export const composeAnswer = ({ prompt, outputTokens, maxTokens, wantsJson }: AnswerOptions, rng: Rng): Answer => {
  const factor = Math.min(longestFactor, logNormal(rng, lengthSigma));
  const length = Math.max(1, Math.round(outputTokens * factor));
  const echo = clipText(prompt, echoLength)
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, Math.min(echoWords, length));
  const tokens = wantsJson ? jsonTokens(echo, length, rng) : textTokens(echo, length, rng);
  if (maxTokens === undefined || tokens.length <= maxTokens) return { tokens, finish: "stop" };
  return { tokens: tokens.slice(0, maxTokens), finish: "length" };
};

const lengthSigma = 0.4;
const longestFactor = 8;
const echoWords = 8;
const echoLength = 120;
const sentenceWords = 9;

const textTokens = (echo: readonly string[], length: number, rng: Rng): string[] => {
  const tokens = ["Echo:", ...echo.map((word) => ` ${word}`)];
  for (let place = 0; tokens.length < length; place++) {
    const ends = place % sentenceWords === sentenceWords - 1 || tokens.length === length - 1;
    tokens.push(` ${fillerWord(rng)}${ends ? "." : ""}`);
  }
  return tokens;
};

const jsonTokens = (echo: readonly string[], length: number, rng: Rng): string[] => {
  const words = Array.from({ length: Math.max(1, length - echo.length - 2) }, () => fillerWord(rng));
  const list = words.map((word) => JSON.stringify(word)).join(", ");
  const text = `{"echo": ${JSON.stringify(echo.join(" "))}, "words": [${list}]}`;
  return text.match(/\s*\S+/g) ?? [];
};

const fillerWord = (rng: Rng): string => filler[Math.floor(rng() * filler.length)] ?? "water";

const filler = (
  "water river stream gate lock level bank bridge mill weir pond lake rain spring flood tide current depth " +
  "channel harbour boat keeper wheel stone reed heron morning evening slowly quietly always between under over " +
  "through along the a one every opens closes rises falls holds carries turns waits and then while until"
).split(" ");
