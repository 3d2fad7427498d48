import type { JsonObject } from "../../call/json.ts";
import { beginWith, checkedMessages } from "./messages.ts";
import type { PlacedRow } from "./row-fault.ts";
import type { Encode, EncodeInput } from "./source-options.ts";

/** A question with the run's system message. The rows of an errors file have it already. */
export const withSystem = (input: EncodeInput, system: string | undefined): EncodeInput =>
  system === undefined || beginWith(input.messages ?? [], system) ? input : { ...input, system };

/** Where formats keep what the system says, if not among the messages. */
const fields = ["system", "instructions", "systemInstruction"] as const;

/** A whole body with the run's system message before its own; all else stays as it is. */
export const withInstructions = (row: PlacedRow, body: JsonObject, system: string, encode: Encode): JsonObject => {
  const hasMessages = body["input"] === undefined && body["contents"] === undefined;
  const messages = hasMessages ? checkedMessages(row, body["messages"], "body.messages") : [];
  const asked = encode(withSystem({ messages }, system));
  const field = fields.find((name) => asked[name] !== undefined);
  if (field === undefined) return { ...body, messages: asked["messages"] };
  const own = body[field];
  if (own === undefined) return { ...body, [field]: asked[field] };
  const isJoined = typeof own === "string" && !own.startsWith(system);
  return isJoined ? { ...body, [field]: `${system}\n\n${own}` } : body;
};
