import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";

/** What an error body says, whatever its shape. */
export interface ProviderError {
  readonly message: string;
  /** Anthropic's is `error_code` in its details, Google's may be the `reason` in them. */
  readonly code?: string;
  readonly type?: string;
  /** A code that is an HTTP status, as in errors inside a 200. */
  readonly status?: number;
  /** Google's list of details. */
  readonly details?: JsonValue;
  /** Whether a moderator stopped the request. */
  readonly flagged?: boolean;
  /** The request's name where it stands beside the error, not in a header. */
  readonly requestId?: string;
  /** The error as the provider sent it. */
  readonly body: unknown;
}

/**
 * Finds the error in a body: `{ error: { … } }`, `{ error: "…" }`, `[{ error }]`, flat, a bare string, FastAPI's `detail`,
 * or MiniMax's `base_resp`.
 */
export const readErrorBody = (value: JsonValue | undefined): ProviderError => {
  if (Array.isArray(value)) return readErrorBody((value as readonly JsonValue[])[0]);
  if (typeof value === "string") return { message: value, body: value };
  if (!isJsonObject(value)) return { message: "", body: value };
  const inner = value["error"];
  const base = failedBase(value);
  if (base !== undefined) return describe({ code: base["status_code"], message: base["status_msg"] }, value);
  if (isJsonObject(inner)) return describe(inner, value);
  if (typeof inner === "string") return describe({ ...value, message: inner }, value);
  return describe(value, value);
};

/** Whether a body that came with a 200, or an event of a stream, is an error all the same. */
export const holdsError = (body: JsonObject): boolean => {
  const error = body["error"];
  if (error !== undefined && error !== null && error !== false && error !== "") return true;
  return body["object"] === "error" || failedBase(body) !== undefined || choiceError(body) !== undefined;
};

/** MiniMax puts its own status beside every answer; 0 is success. */
const failedBase = (body: JsonObject): JsonObject | undefined => {
  const base = body["base_resp"];
  if (!isJsonObject(base)) return undefined;
  const status = base["status_code"];
  return typeof status === "number" && status !== 0 ? base : undefined;
};

/** OpenRouter may put an error inside a choice. */
export const choiceError = (body: JsonObject): JsonObject | undefined => {
  const choices = body["choices"];
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices as readonly JsonValue[]) {
    if (isJsonObject(choice) && isJsonObject(choice["error"])) return { error: choice["error"] };
  }
  return undefined;
};

const describe = (error: JsonObject, body: JsonObject): ProviderError => {
  const { details } = error;
  const number = word(error["code"]);
  const code = googleReason(details) ?? number ?? (isJsonObject(details) ? word(details["error_code"]) : undefined);
  const type = word(error["type"]) ?? word(error["status"]);
  const status = Number(number);
  const metadata = error["metadata"];
  const requestId = word(body["request_id"]);
  return {
    message: message(error),
    body,
    ...(code !== undefined && { code }),
    ...(type !== undefined && { type }),
    ...(status >= 300 && status < 600 && { status }),
    ...(details !== undefined && { details }),
    ...(isJsonObject(metadata) && Array.isArray(metadata["reasons"]) && { flagged: true }),
    ...(requestId !== undefined && { requestId }),
  };
};

/** Such as `API_KEY_INVALID`, where code and status say no more than that the request is bad. */
const googleReason = (details: JsonValue | undefined): string | undefined => {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details as readonly JsonValue[]) {
    if (isJsonObject(detail) && typeof detail["reason"] === "string") return detail["reason"];
  }
  return undefined;
};

const message = (error: JsonObject): string => {
  const text = error["message"] ?? error["msg"] ?? error["detail"];
  if (typeof text === "string") return text;
  return text === undefined || text === null ? "" : JSON.stringify(text);
};

const word = (value: JsonValue | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
