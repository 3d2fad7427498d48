import type { Operation } from "../../call/call.ts";
import { type JsonObject, isJsonObject } from "../../call/json.ts";
import { operationOfUrl } from "./batch-url.ts";
import { excerpt } from "./excerpt.ts";
import { checkedMessages } from "./messages.ts";
import { type PlacedRow, rowFault } from "./row-fault.ts";

/** A whole request body as a line of a batch file has it. */
export interface BatchRequest {
  readonly operation: Operation;
  readonly body: JsonObject;
}

/**
 * The request of a line of an OpenAI Batch file, by the tail of its url, or of an Anthropic one; nothing when the row is
 * none. @throws InputError when its url is not served
 */
export const batchRequest = (row: PlacedRow): BatchRequest | undefined => {
  const { body, url, params } = row.columns;
  if (isJsonObject(params) && Object.hasOwn(params, "messages") && body === undefined) {
    checkedMessages(row, params["messages"], "params.messages");
    return { operation: "messages", body: params };
  }
  if (!isJsonObject(body) || !(typeof url === "string" || Object.hasOwn(body, "messages"))) return undefined;
  const operation = typeof url === "string" ? operationOf(row, url) : "chat";
  if (operation === "chat" || operation === "messages") checkedMessages(row, body["messages"], "body.messages");
  return { operation, body };
};

const operationOf = (row: PlacedRow, url: string): Operation => {
  const found = operationOfUrl(url);
  if (found !== undefined) return found;
  throw rowFault(row, `requests to ${JSON.stringify(excerpt(url, 60))} cannot be sent`, [
    "its url must end in /chat/completions, /responses, /embeddings, /messages or :generateContent",
  ]);
};
