import type { CallError } from "../../call/call-error.ts";
import { isJsonObject } from "../../call/json.ts";
import type { Failure } from "../../call/result.ts";
import { recordMeta, type RecordContext } from "./record-meta.ts";
import { urlOfOperation } from "../source/batch-url.ts";
import type { Row } from "../source/row.ts";

/**
 * The line of the errors file for a row that failed: a valid line of input, and what became of it.
 *
 * It has `meta` even when the output has none, because the next run reads there whether the row is worth sending.
 */
export const failureRecord = (row: Row, result: Failure, context: RecordContext, lostAttempts = 0): string => {
  const request = {
    method: "POST",
    url: urlOfOperation(row.operation, row.model ?? result.error.model),
    body: row.body,
  };
  const meta = failureMeta(row, result, context, lostAttempts);
  return `${JSON.stringify({ id: context.nextId(), custom_id: row.id, ...request, ...outcome(result.error), meta })}\n`;
};

/** The line for a failed row where answers and failures share one stream. */
export const inlineFailureRecord = (row: Row, result: Failure, context: RecordContext, lostAttempts = 0): string => {
  const meta = context.strict ? undefined : failureMeta(row, result, context, lostAttempts);
  return `${JSON.stringify({ id: context.nextId(), custom_id: row.id, ...outcome(result.error), meta })}\n`;
};

/** As OpenAI shapes it: an answer that says no is a response, and only a missing answer is an error. */
const outcome = (error: CallError): object => {
  if (error.status === undefined || error.status < 400) {
    return { response: null, error: { code: error.code, message: error.message } };
  }
  return {
    response: { status_code: error.status, request_id: error.requestId ?? null, body: errorBody(error) },
    error: null,
  };
};

const errorBody = (error: CallError): object => {
  const { body } = error;
  if (isJsonObject(body)) return "error" in body ? body : { error: body };
  return { error: { message: error.message, type: null, param: null, code: error.code } };
};

const failureMeta = (row: Row, result: Failure, context: RecordContext, lostAttempts: number): object => {
  const { error } = result;
  return {
    ...recordMeta(row, result, context, { named: error.model === "" ? "unknown" : error.model, lostAttempts }),
    error_code: error.code,
    error_message: error.message,
    retryable: error.retryable,
    partial: error.partial,
    retries: result.retries.map(({ status, code, waitedMs }) => ({ status, code, waited_ms: Math.round(waitedMs) })),
  };
};
