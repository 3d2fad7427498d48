import { hash } from "node:crypto";
import { canonicalJson } from "../../call/canonical-json.ts";
import type { JsonObject } from "../../call/json.ts";

/**
 * The id of a row that brings none: made from the request alone, so that it survives reordering and appending.
 * Whether the reply is streamed is left out, because it does not change what is asked.
 */
export const requestId = (body: JsonObject, model: string | undefined): string => {
  const { stream: _stream, stream_options: _streamOptions, ...asked } = body;
  const request = model === undefined ? asked : { ...asked, model };
  return `row-${hash("sha256", canonicalJson(request)).slice(0, 12)}`;
};

/** The id of the nth row with the same request. */
export const occurrenceId = (id: string, occurrence: number): string => (occurrence === 1 ? id : `${id}-${occurrence}`);

/** The id of a row that cannot be sent: made from what stands there, so that it is a new row when that is put right. */
export const invalidId = (raw: Uint8Array): string => `invalid-${hash("sha256", raw).slice(0, 12)}`;
