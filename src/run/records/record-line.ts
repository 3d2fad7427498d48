import type { CallErrorCode } from "../../call/call-error.ts";
import { isJsonObject, type JsonObject } from "../../call/json.ts";
import type { Line } from "../source/lines.ts";
import type { TailKind } from "./torn-tail.ts";

/** Which row a line of an output is about. */
export interface RecordIdentity {
  readonly customId: string;
  /** Whether the row was answered. */
  readonly ok: boolean;
}

/** What a line of an errors file says. */
export interface FailureIdentity {
  readonly customId: string;
  readonly code: CallErrorCode;
  readonly status?: number;
  readonly message: string;
}

/** The same, with what else may be told of it. */
export interface FailureDetails extends FailureIdentity {
  readonly model?: string;
  readonly attempts?: number;
}

/** Why a line is no record: it is not JSON, or it is something else. */
export type NoRecord = "damaged" | "foreign";

/** How a file of records begins; spaces are as other writers of the same format put them. */
export const recordKind: TailKind = {
  head: /^\{\s*"id"\s*:\s*"[^"]*"\s*,\s*"custom_id"\s*:/u,
  firstBytes: '{"id":"req_',
};

/** Reads which row a line of an output is about, from the line's first bytes when this program wrote it. */
export const readRecord = (line: Line): RecordIdentity | NoRecord => {
  const { bytes } = line;
  const match = ownHead.exec(bytes.toString("utf8", 0, headBytes));
  const quoted = match?.[1];
  if (quoted !== undefined && bytes[bytes.length - 1] === closingBrace) {
    return { customId: quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1), ok: true };
  }
  const record = parseObject(line);
  if (record === undefined) return "damaged";
  const { custom_id: customId, response, error } = record;
  if (typeof customId !== "string" || (response === undefined && error === undefined)) return "foreign";
  if ("method" in record) return "foreign";
  const status = isJsonObject(response) ? response["status_code"] : undefined;
  const answered = typeof status === "number" && status >= 200 && status < 300;
  return { customId, ok: answered && (error === null || error === undefined) };
};

/** Reads what a line of an errors file says. */
export const readFailure = (line: Line): FailureIdentity | NoRecord => {
  const record = parseObject(line);
  return record === undefined ? "damaged" : identified(record);
};

/** Reads what a line of an errors file says, with what else may be told of it. */
export const readFailureDetails = (line: Line): FailureDetails | NoRecord => {
  const record = parseObject(line);
  if (record === undefined) return "damaged";
  const failure = identified(record);
  const { meta } = record;
  if (typeof failure !== "object" || !isJsonObject(meta)) return failure;
  const { model, attempts } = meta;
  return {
    ...failure,
    ...(typeof model === "string" ? { model } : {}),
    ...(typeof attempts === "number" ? { attempts } : {}),
  };
};

const identified = (record: JsonObject): FailureIdentity | "foreign" => {
  const { custom_id: customId, response, error } = record;
  if (typeof customId !== "string" || (response === undefined && error === undefined)) return "foreign";
  return { customId, ...failureOf(record) };
};

/** Why a row failed, as its record says it. */
export const failureOf = (record: JsonObject): Omit<FailureIdentity, "customId"> => {
  const { response, error, meta } = record;
  const status = isJsonObject(response) ? response["status_code"] : undefined;
  return {
    code: codeOf(record, typeof status === "number" ? status : undefined),
    ...(typeof status === "number" ? { status } : {}),
    message: messageOf(isJsonObject(meta) ? meta["error_message"] : undefined, response, error),
  };
};

const ownHead = /^\{"id":"[^"\\]*","custom_id":("(?:[^"\\]|\\.)*"),"response":\{"status_code":2\d\d,/u;
const closingBrace = 0x7d;
/** Longer than the fixed part and an id of usual length; longer ids take the slow path. */
const headBytes = 640;

const parseObject = (line: Line): JsonObject | undefined => {
  if (!line.isUtf8) return undefined;
  try {
    const value: unknown = JSON.parse(line.text);
    return isJsonObject(value) ? value : {};
  } catch {
    return undefined;
  }
};

const codeOf = ({ meta, error }: JsonObject, status: number | undefined): CallErrorCode => {
  const said = isJsonObject(meta) ? meta["error_code"] : isJsonObject(error) ? error["code"] : undefined;
  if (typeof said === "string" && isCode(said)) return said;
  if (status === undefined) return "network";
  if (status >= 500) return "server";
  return codeOfStatus[status] ?? "invalid_request";
};

const codeOfStatus: Readonly<Record<number, CallErrorCode>> = {
  401: "auth",
  403: "auth",
  404: "not_found",
  408: "timeout",
  413: "too_large",
  429: "throttled",
};

const messageOf = (own: unknown, response: unknown, error: unknown): string => {
  if (typeof own === "string") return own;
  const body = isJsonObject(response) ? response["body"] : undefined;
  const inner = isJsonObject(body) ? body["error"] : error;
  const message = isJsonObject(inner) ? inner["message"] : undefined;
  return typeof message === "string" ? message : "";
};

/** Where the row of a record stood in the input, from 0, if its record says that. */
export const indexIn = ({ text }: Line): number | undefined => {
  const { meta } = JSON.parse(text) as { readonly meta?: unknown };
  const index = isJsonObject(meta) ? meta["index"] : undefined;
  return typeof index === "number" ? index : undefined;
};

/** Whether a text is one of the codes of a failure. */
export const isCode = (text: string): text is CallErrorCode => Object.hasOwn(codes, text);

/** Every code that a failure can have. */
export const errorCodes = (): readonly CallErrorCode[] => Object.keys(codes).filter(isCode);

const codes: Readonly<Record<CallErrorCode, true>> = {
  throttled: true,
  quota_exhausted: true,
  too_large: true,
  auth: true,
  invalid_request: true,
  context_length: true,
  content_filter: true,
  not_found: true,
  timeout: true,
  network: true,
  server: true,
  overloaded: true,
  malformed: true,
  interrupted: true,
  schema: true,
  cancelled: true,
  budget: true,
  queue_full: true,
  closed: true,
};
