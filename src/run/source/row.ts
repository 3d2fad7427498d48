import type { Operation } from "../../call/call.ts";
import type { JsonObject } from "../../call/json.ts";

/** One row of the input, ready to be sent. */
export interface Row {
  /** The row's place among the rows, from 0. */
  readonly index: number;
  /** The line of the file where it begins, from 1. */
  readonly line: number;
  /** What its result is filed under: the `custom_id` of the output. */
  readonly id: string;
  readonly operation: Operation;
  /** The request body as the provider's wire format has it; names a model only when the line does. */
  readonly body: JsonObject;
  /** The model that the line itself names. */
  readonly model?: string;
  /** Whether the input gave the id; otherwise it was made from the request. */
  readonly explicitId: boolean;
}
