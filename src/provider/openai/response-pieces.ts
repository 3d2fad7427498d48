import type { JsonValue } from "../../call/json.ts";

/** Where the text of a delta, or of its end, belongs in a response. */
export interface ResponsePiece {
  /** The type of its item, should nothing have announced that. */
  readonly item: string;
  /** The item's list that holds its part; absent where the text is a field of the item. */
  readonly list?: "content" | "summary";
  /** The type of that part. */
  readonly part?: string;
  /** The field that is continued; the end repeats it under the same name. */
  readonly field: string;
  /** Whether it is text of the answer. */
  readonly isText?: true;
  /** Whether the event repeats the whole field. */
  readonly ended: boolean;
}

/** What an event of that type continues; `undefined` for events that continue nothing. */
export const pieceOf = (type: JsonValue | undefined): ResponsePiece | undefined =>
  typeof type === "string" ? pieces.get(type) : undefined;

const kinds: Readonly<Record<string, Omit<ResponsePiece, "ended">>> = {
  output_text: { item: "message", list: "content", part: "output_text", field: "text", isText: true },
  refusal: { item: "message", list: "content", part: "refusal", field: "refusal" },
  reasoning_text: { item: "reasoning", list: "content", part: "reasoning_text", field: "text" },
  reasoning_summary_text: { item: "reasoning", list: "summary", part: "summary_text", field: "text" },
  function_call_arguments: { item: "function_call", field: "arguments" },
  custom_tool_call_input: { item: "custom_tool_call", field: "input" },
  mcp_call_arguments: { item: "mcp_call", field: "arguments" },
  code_interpreter_call_code: { item: "code_interpreter_call", field: "code" },
};

const pieces: ReadonlyMap<string, ResponsePiece> = new Map(
  Object.entries(kinds).flatMap(([name, kind]): readonly (readonly [string, ResponsePiece])[] => [
    [`response.${name}.delta`, { ...kind, ended: false }],
    [`response.${name}.done`, { ...kind, ended: true }],
  ]),
);
