import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { WireFormat } from "../../provider/wire-format.ts";
import { wireFormat } from "../../provider/wire-formats.ts";
import { failureOf } from "../records/record-line.ts";

/** What a flat row says of a row's outcome beside the answer, by the names of its columns. */
export interface FlatMeta {
  readonly _status: "ok" | "error" | "pending";
  readonly _error: string | null;
  readonly _model: string | null;
  readonly _attempts: number | null;
  readonly _latency_ms: number | null;
  readonly _tokens_in: number | null;
  readonly _tokens_out: number | null;
  readonly _cost: number | null;
}

/** What a record says, flat. */
export interface FlatAnswer {
  /** The row's id; null where there is no record. */
  readonly customId: string | null;
  /** What was answered; null when nothing was. */
  readonly output: string | null;
  readonly meta: FlatMeta;
}

/** What there is of a row that has no record yet. */
export const noAnswer: FlatAnswer = {
  customId: null,
  output: null,
  meta: {
    _status: "pending",
    _error: null,
    _model: null,
    _attempts: null,
    _latency_ms: null,
    _tokens_in: null,
    _tokens_out: null,
    _cost: null,
  },
};

/** The outcome that a line of an output records. */
export const answerOf = (line: Buffer): FlatAnswer => {
  const { custom_id: customId, response, meta } = JSON.parse(line.toString("utf8")) as JsonObject;
  const body = objectOr(objectOr(response)["body"]);
  const format = formatOf(body);
  const usage = format?.usage(body);
  const said = flatMeta("ok", objectOr(meta));
  const named = body["model"] ?? body["modelVersion"];
  return {
    customId: textOr(customId),
    output: outputOf(body, format),
    meta: {
      ...said,
      _model: said._model ?? textOr(named),
      _tokens_in: said._tokens_in ?? usage?.inputTokens ?? null,
      _tokens_out: said._tokens_out ?? usage?.outputTokens ?? null,
    },
  };
};

/** The outcome that a line of an errors file records. */
export const failedAnswerOf = (line: Buffer): FlatAnswer => {
  const record = JSON.parse(line.toString("utf8")) as JsonObject;
  const { code, message } = failureOf(record);
  return {
    customId: textOr(record["custom_id"]),
    output: null,
    meta: { ...flatMeta("error", objectOr(record["meta"])), _error: message === "" ? code : `${code}: ${message}` },
  };
};

/** The answer's fields when it is a JSON object. */
export const answeredObject = (output: string): JsonObject | undefined => {
  if (!/^\s*\{/.test(output)) return undefined;
  try {
    const value: unknown = JSON.parse(output);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const flatMeta = (status: FlatMeta["_status"], meta: JsonObject): FlatMeta => {
  const tokens = objectOr(meta["tokens"]);
  return {
    _status: status,
    _error: null,
    _model: textOr(meta["model"]),
    _attempts: wholeOr(meta["attempts"]),
    _latency_ms: wholeOr(meta["latency_ms"]),
    _tokens_in: wholeOr(tokens["input"]),
    _tokens_out: wholeOr(tokens["output"]),
    _cost: numberOr(objectOr(meta["cost"])["amount"]),
  };
};

/** A body says itself in which format it is. */
const formatOf = (body: JsonObject): WireFormat | undefined => formats.find((format) => format.isAnswer(body));

const formats: readonly WireFormat[] = (["chat", "responses", "messages", "generate", "embeddings"] as const).map(
  wireFormat,
);

/** The text; where there is none, the calls of tools, the refusal, or the vectors, as JSON or in words. */
const outputOf = (body: JsonObject, format: WireFormat | undefined): string => {
  if (format === undefined) return JSON.stringify(body);
  const text = format.text(body);
  if (text !== "") return text;
  if (format.operation === "embeddings") return vectorOf(body);
  const calls = format.toolCalls?.(body) ?? [];
  return calls.length > 0 ? JSON.stringify(calls) : (format.refusal?.(body) ?? "");
};

const vectorOf = ({ data }: JsonObject): string => {
  const vectors = (Array.isArray(data) ? (data as readonly JsonValue[]) : []).map(
    (entry) => objectOr(entry)["embedding"] ?? null,
  );
  return JSON.stringify(vectors.length === 1 ? vectors[0] : vectors);
};

const objectOr = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const textOr = (value: JsonValue | undefined): string | null => (typeof value === "string" ? value : null);
const numberOr = (value: JsonValue | undefined): number | null => (typeof value === "number" ? value : null);
const wholeOr = (value: JsonValue | undefined): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : null;
