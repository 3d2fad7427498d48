import { type JsonObject, isJsonObject } from "../../call/json.ts";
import { excerpt } from "./excerpt.ts";
import { checkedMessages } from "./messages.ts";
import { type PlacedRow, rowFault } from "./row-fault.ts";

/** The request body of an OpenAI Batch line; nothing when the row is none. @throws InputError when its url is not served */
export const batchBody = (row: PlacedRow): JsonObject | undefined => {
  const { body, url } = row.columns;
  if (!isJsonObject(body) || !(typeof url === "string" || Object.hasOwn(body, "messages"))) return undefined;
  if (typeof url === "string" && !/\/chat\/completions\/?$/.test(url)) {
    throw rowFault(row, `requests to ${JSON.stringify(excerpt(url, 60))} cannot be sent`, [
      "so far: chat completions, with a url that ends in /chat/completions",
    ]);
  }
  checkedMessages(row, body["messages"], "body.messages");
  return body;
};
