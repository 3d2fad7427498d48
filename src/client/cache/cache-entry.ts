import { hash } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Reply } from "../../call/reply.ts";
import type { StoredReply } from "../../reuse/response-cache.ts";

/** Of another format is what another version has written: it counts as absent. */
const format = 1;

/** The text of an entry's file. */
export const entryText = (key: string, { reply, storedAt }: StoredReply): string => {
  const text = JSON.stringify(reply);
  return `{"format":${format},"key":"${key}","stored_at":${storedAt},"sha256":"${hash("sha256", text)}","reply":${text}}\n`;
};

/** What an entry's file says; `undefined` when it is not whole, or not of this key and format. */
export const readEntry = (key: string, text: string): StoredReply | undefined => {
  const entry = parsed(text);
  if (!isJsonObject(entry)) return undefined;
  const { format: written, key: named, stored_at: storedAt, sha256, reply } = entry;
  if (written !== format || named !== key || typeof storedAt !== "number" || !isReply(reply)) return undefined;
  return hash("sha256", JSON.stringify(reply)) === sha256 ? { reply: reply as unknown as Reply, storedAt } : undefined;
};

const isReply = (value: JsonValue | undefined): value is JsonObject =>
  isJsonObject(value) &&
  typeof value["status"] === "number" &&
  isJsonObject(value["body"]) &&
  typeof value["deployment"] === "string";

const parsed = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
};
