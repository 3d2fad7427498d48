import { type JsonObject, type JsonValue, isJsonObject } from "../../call/json.ts";
import { type PlacedRow, rowFault } from "./row-fault.ts";

/** The messages of a row. @throws InputError when they are none */
export const checkedMessages = (row: PlacedRow, value: JsonValue | undefined, field: string): readonly JsonObject[] => {
  if (Array.isArray(value) && value.length > 0 && value.every(isMessage)) return value;
  throw rowFault(row, `"${field}" must be a list of messages, each with a role`, [
    'for example: [{"role":"user","content":"Hello"}]',
  ]);
};

const isMessage = (value: JsonValue): value is JsonObject => isJsonObject(value) && typeof value["role"] === "string";

/** Whether the messages begin with that system message, as those of an earlier run's failed rows do. */
export const beginWith = (messages: readonly JsonObject[], system: string): boolean => {
  const { role, content } = messages[0] ?? {};
  return (role === "system" || role === "developer") && content === system;
};
