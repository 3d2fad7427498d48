import type { Answer } from "../answer.ts";
import type { Completion, Dialect } from "../dialect.ts";
import type { Script } from "../script.ts";
import { countTokens, tokenStream, wholeBody } from "../token-stream.ts";
import { geminiVendor } from "./gemini-vendor.ts";
import { type GenerateRequest, parseGenerateRequest } from "./generate-request.ts";

type Generation = Completion<GenerateRequest>;

/** `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent`. */
export const generateDialect: Dialect<GenerateRequest> = {
  operation: "generate",
  vendor: geminiVendor,
  parse: parseGenerateRequest,
  script: (generation) => {
    const { streamed, asEvents } = generation.request;
    if (!streamed) return wholeBody(generation, wholeContent(generation));
    return asEvents ? eventScript(generation) : listScript(generation);
  },
};

const wholeContent = (generation: Generation): object => ({
  candidates: generation.answers.map((answer, index) => ({
    content: { parts: partsOf(answer), role: "model" },
    finishReason: finishReason(answer),
    index,
  })),
  usageMetadata: usageOf(generation),
  ...identity(generation),
});

const identity = ({ id, request }: Generation): object => ({ modelVersion: request.model, responseId: `gen-${id}` });

const partsOf = (answer: Answer): readonly object[] => {
  const text = answer.tokens.join("");
  if (answer.tool === undefined) return [{ text }];
  const args: unknown = answer.finish === "stop" ? JSON.parse(text) : undefined;
  return args === undefined ? [] : [{ functionCall: { name: answer.tool, args } }];
};

/** A call that was cut has no arguments that can be read. */
const finishReason = ({ finish, tool }: Answer): string => {
  if (finish === "stop") return "STOP";
  return tool === undefined ? "MAX_TOKENS" : "MALFORMED_FUNCTION_CALL";
};

const usageOf = ({ request, answers }: Generation): object => {
  const candidatesTokenCount = countTokens(answers);
  const { promptTokens: promptTokenCount } = request;
  return { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount };
};

const eventScript = (generation: Generation): Script => {
  const chunks = chunkWire(generation);
  return tokenStream(generation, {
    head: "",
    token: (index, token, place) => asEvent(chunks.token(index, token, place)),
    tail: asEvent(chunks.last),
  });
};

const asEvent = (json: string): string => (json === "" ? "" : `data: ${json}\n\n`);

const listScript = (generation: Generation): Script => {
  const chunks = chunkWire(generation);
  const script = tokenStream(generation, {
    head: "[",
    token: (index, token, place) => asItem(chunks.token(index, token, place)),
    tail: `${chunks.last}\n]`,
  });
  return { ...script, headers: { "content-type": "application/json; charset=UTF-8" }, filler: "\n" };
};

const asItem = (json: string): string => (json === "" ? "" : `${json}\n,\n`);

interface ChunkWire {
  /** A token as JSON; empty where it is a fragment of arguments, which come whole. */
  readonly token: (index: number, token: string, place: number) => string;
  readonly last: string;
}

/** Chunks differ by a few bytes, so the rest is serialised once and they are put together as text. */
const chunkWire = (generation: Generation): ChunkWire => {
  const { answers, request } = generation;
  const rest = JSON.stringify({
    usageMetadata: { promptTokenCount: request.promptTokens, totalTokenCount: request.promptTokens },
    ...identity(generation),
  }).slice(1);
  const chunk = (index: number, parts: string): string =>
    `{"candidates":[{"content":{"parts":${parts},"role":"model"},"index":${index}}],${rest}`;
  const last = answers.map((answer, index) => ({
    content: { parts: [{ text: "" }], role: "model" },
    finishReason: finishReason(answer),
    index,
  }));
  return {
    token: (index, token, place) => {
      const answer = answers[index];
      if (answer?.tool === undefined) return chunk(index, `[{"text":${JSON.stringify(token)}}]`);
      return place === answer.tokens.length - 1 ? chunk(index, JSON.stringify(partsOf(answer))) : "";
    },
    last: JSON.stringify({ candidates: last, usageMetadata: usageOf(generation), ...identity(generation) }),
  };
};
