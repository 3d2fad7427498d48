import type { Operation } from "../../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { SentRequest } from "./sent-request.ts";

/** A request of some client that asks a model for something. */
export interface RecognizedRequest {
  readonly operation: Operation;
  readonly model: string;
  /** With `model`, and `stream` where it is streamed, also where the wire says these in its path. */
  readonly body: JsonObject;
  /** Whether a stream is expected as one JSON list, as Google sends it where nobody asks for events. */
  readonly isList: boolean;
}

/** Whether requests there ask a model, if their body does: no limit counts files, lists of models or counts of tokens. */
export const asksModel = (method: string, path: string): boolean =>
  method === "POST" && operationAt(path) !== undefined;

/** What a request asks, by the tail of its path; `undefined` for everything that no limit counts. */
export const recognized = ({ method, path, query, text }: SentRequest): RecognizedRequest | undefined => {
  const operation = operationAt(path);
  if (method !== "POST" || operation === undefined) return undefined;
  const body = parsed(text);
  if (body === undefined) return undefined;
  if (operation === "generate") return generated(path, query, body);
  const { model } = body;
  // Azure's older paths name the deployment, and some clients leave the model out.
  const named = typeof model === "string" ? model : decoded(/\/deployments\/([^/]+)\//.exec(path)?.[1] ?? "");
  return { operation, model: named, body, isList: false };
};

const operationAt = (path: string): Operation | undefined => tails.find(([tail]) => tail.test(path))?.[1];

const tails: readonly (readonly [RegExp, Operation])[] = [
  [/\/chat\/completions\/?$/, "chat"],
  [/\/responses\/?$/, "responses"],
  [/\/embeddings\/?$/, "embeddings"],
  // What is added to a thread of OpenAI's assistants asks nothing.
  [/(?<!\/threads\/[^/]+)\/messages\/?$/, "messages"],
  [/\/models\/[^/]+:(?:g|streamG)enerateContent$/, "generate"],
];

const generated = (path: string, query: string, body: JsonObject): RecognizedRequest => {
  const [, name = "", verb] = /\/models\/([^/]+):(g|streamG)enerateContent$/.exec(path) ?? [];
  const model = decoded(name);
  const streamed = verb === "streamG";
  return {
    operation: "generate",
    model,
    body: { ...body, model, ...(streamed ? { stream: true } : {}) },
    isList: streamed && new URLSearchParams(query).get("alt") !== "sse",
  };
};

/** A name that is wrongly encoded stays as it is: the server is to say so. */
const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
