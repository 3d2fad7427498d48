import type { Operation } from "../../call/call.ts";

/** The operation that the url of a batch line means, by its tail; undefined where none is served. */
export const operationOfUrl = (url: string): Operation | undefined => tails.find(([tail]) => tail.test(url))?.[1];

/** The url of a batch line that asks for an operation. */
export const urlOfOperation = (operation: Operation, model: string): string => urls[operation](model);

const urls: Readonly<Record<Operation, (model: string) => string>> = {
  chat: () => "/v1/chat/completions",
  responses: () => "/v1/responses",
  embeddings: () => "/v1/embeddings",
  messages: () => "/v1/messages",
  generate: (model) => `/v1beta/models/${encodeURIComponent(model === "" ? "unknown" : model)}:generateContent`,
};

const tails: readonly (readonly [RegExp, Operation])[] = [
  [/\/chat\/completions\/?$/, "chat"],
  [/\/responses\/?$/, "responses"],
  [/\/embeddings\/?$/, "embeddings"],
  [/\/messages\/?$/, "messages"],
  [/\/models\/[^/]+:(?:g|streamG)enerateContent(?:\?.*)?$/, "generate"],
];
