import type { JsonValue } from "../call/json.ts";
import type { Rng } from "../time/rng.ts";
import { clipText } from "./clip-text.ts";
import type { WantedTool } from "./dialect.ts";
import { jsonSample } from "./json-sample.ts";
import { logNormal } from "./log-normal.ts";

/** What the model says, token by token. */
export interface Answer {
  readonly tokens: readonly string[];
  readonly finish: "stop" | "length";
  /** The tool that is called: the tokens are the JSON of its arguments. */
  readonly tool?: string;
}

/** What an answer is made from. */
export interface AnswerOptions {
  readonly prompt: string;
  /** The median length of an answer, in tokens. */
  readonly outputTokens: number;
  readonly maxTokens: number | undefined;
  readonly wantsJson: boolean;
  /** The JSON schema that the answer has to fit. @default any JSON object, where JSON is wanted */
  readonly schema?: JsonValue | undefined;
  /** What has to be called. */
  readonly tool?: WantedTool | undefined;
}

/** Makes up an answer that repeats the beginning of its prompt, so that a mixed-up answer shows. */
export const composeAnswer = (options: AnswerOptions, rng: Rng): Answer => {
  const { maxTokens, tool } = options;
  const tokens = answerTokens(options, rng);
  const named = tool === undefined ? {} : { tool: tool.name };
  if (maxTokens === undefined || tokens.length <= maxTokens) return { tokens, finish: "stop", ...named };
  return { tokens: tokens.slice(0, maxTokens), finish: "length", ...named };
};

const answerTokens = ({ prompt, outputTokens, wantsJson, schema, tool }: AnswerOptions, rng: Rng): string[] => {
  const factor = Math.min(longestFactor, logNormal(rng, lengthSigma));
  const length = Math.max(1, Math.round(outputTokens * factor));
  const echo = clipText(prompt, echoLength)
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, Math.min(echoWords, length));
  const wanted = tool === undefined ? schema : tool.schema;
  if (wanted !== undefined) return fragments(JSON.stringify(jsonSample(wanted, () => sampleText(echo, rng), rng)));
  return wantsJson ? jsonTokens(echo, length, rng) : textTokens(echo, length, rng);
};

/** Where a model breaks JSON into tokens is not where its values end. */
const fragments = (json: string): string[] => json.match(/.{1,5}/gsu) ?? [];

const sampleText = (echo: readonly string[], rng: Rng): string =>
  ["Echo:", ...echo.slice(0, 4), fillerWord(rng), fillerWord(rng)].join(" ");

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
  return text.match(/(?<!\s)\s*\S+/g) ?? [];
};

const fillerWord = (rng: Rng): string => filler[Math.floor(rng() * filler.length)] ?? "water";

const filler = (
  "water river stream gate lock level bank bridge mill weir pond lake rain spring flood tide current depth " +
  "channel harbour boat keeper wheel stone reed heron morning evening slowly quietly always between under over " +
  "through along the a one every opens closes rises falls holds carries turns waits and then while until"
).split(" ");
