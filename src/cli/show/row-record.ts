import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { wireFormat } from "../../provider/wire-formats.ts";
import type { Operation } from "../../call/call.ts";

/** What a record says of a row, in the parts that are shown. */
export interface RowRecord {
  readonly ok: boolean;
  /** The code of the failure. */
  readonly code?: string;
  readonly status?: number;
  readonly message?: string;
  /** The text of the answer. */
  readonly answer?: string;
  /** The text of an answer that broke off. */
  readonly partial?: string;
  /** The request, where the record has it. */
  readonly request?: JsonObject;
  readonly meta: JsonObject;
}

/** Reads a line of an output or errors file. */
export const rowRecord = (record: JsonObject): RowRecord => {
  const { response, error, meta: said, body: request } = record;
  const meta = isJsonObject(said) ? said : {};
  const status = isJsonObject(response) ? numberOf(response["status_code"]) : undefined;
  const body = isJsonObject(response) && isJsonObject(response["body"]) ? response["body"] : undefined;
  const ok = status !== undefined && status >= 200 && status < 300 && !isJsonObject(error);
  const code = textOf(meta["error_code"]) ?? (isJsonObject(error) ? textOf(error["code"]) : undefined);
  const inner = isJsonObject(error) ? error : body?.["error"];
  const message = textOf(meta["error_message"]) ?? (isJsonObject(inner) ? textOf(inner["message"]) : undefined);
  return {
    ok,
    ...given("status", status),
    ...(ok ? given("answer", body === undefined ? undefined : answerOf(body)) : {}),
    ...(ok ? {} : given("code", code)),
    ...(ok ? {} : given("message", message)),
    ...given("partial", textOf(meta["partial"])),
    ...given("request", isJsonObject(request) ? request : undefined),
    meta,
  };
};

const given = <Name extends string, Value>(name: Name, value: Value | undefined): { readonly [name in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };

const numberOf = (value: JsonValue | undefined): number | undefined => (typeof value === "number" ? value : undefined);

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);

const formats: readonly Operation[] = ["chat", "messages", "responses", "generate", "embeddings"];

/** Which format a body has it says itself, for a record does not. */
const answerOf = (body: JsonObject): string => {
  const format = formats.map(wireFormat).find((candidate) => candidate.isAnswer(body));
  if (format === undefined) return "";
  const text = format.text(body);
  if (text !== "") return text;
  const calls = format.toolCalls?.(body) ?? [];
  return format.refusal?.(body) ?? calls.map((call) => `${call.name}(${call.arguments})`).join("\n");
};
