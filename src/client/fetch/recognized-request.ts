import type { Operation } from "../../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";

/** A request of some client that asks a model for something. */
export interface RecognizedRequest {
  readonly operation: Operation;
  readonly model: string;
  /** With `model`, and `stream` where it is streamed, also where the wire says these in its path. */
  readonly body: JsonObject;
}

/** What a request asks, by the tail of its path; `undefined` for everything that no limit counts: files, lists of models, counts of tokens. */
export const recognized = (method: string, path: string, text: string): RecognizedRequest | undefined => {
  if (method !== "POST") return undefined;
  const body = parsed(text);
  const operation = operationAt(path);
  if (body === undefined || operation === undefined) return undefined;
  if (operation === "generate") return generated(path, body);
  const { model } = body;
  // Azure's older paths name the deployment, and some clients leave the model out.
  const named =
    typeof model === "string" ? model : decodeURIComponent(/\/deployments\/([^/]+)\//.exec(path)?.[1] ?? "");
  return { operation, model: named, body };
};

const operationAt = (path: string): Operation | undefined => tails.find(([tail]) => tail.test(path))?.[1];

const tails: readonly (readonly [RegExp, Operation])[] = [
  [/\/chat\/completions\/?$/, "chat"],
  [/\/responses\/?$/, "responses"],
  [/\/embeddings\/?$/, "embeddings"],
  [/\/messages\/?$/, "messages"],
  [/\/models\/[^/]+:(?:g|streamG)enerateContent$/, "generate"],
];

const generated = (path: string, body: JsonObject): RecognizedRequest => {
  const [, name = "", verb] = /\/models\/([^/]+):(g|streamG)enerateContent$/.exec(path) ?? [];
  const model = decodeURIComponent(name);
  const streamed = verb === "streamG" ? { stream: true } : {};
  return { operation: "generate", model, body: { ...body, model, ...streamed } };
};

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
