import { CallError } from "../call/call-error.ts";
import type { Operation } from "../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import { systemClock } from "../time/system-clock.ts";
import type { FailureFacts } from "./attempt-facts.ts";
import { connectionError } from "./connection-error.ts";
import type { HttpHeaders, HttpSink, Transport } from "./http-contract.ts";
import { countOf } from "./json-field.ts";
import { parsedJson } from "./parsed-json.ts";
import { providerError } from "./provider-error.ts";
import { createRedactor } from "./redact.ts";
import { checkKey, requestHeaders } from "./request-headers.ts";
import { type Base, baseOf } from "./request-path.ts";
import type { Vendor } from "./vendor.ts";
import { wireFormat } from "./wire-formats.ts";

/** A server whose models are asked for. */
export interface ListTarget {
  readonly vendor: Vendor;
  readonly baseURL: string;
  readonly apiKey?: string | undefined;
  /** Sent beside the usual ones. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A model that a server offers. */
export interface ModelEntry {
  readonly id: string;
  /** The most tokens of input and output together, or of input, where the server says. */
  readonly contextTokens?: number;
}

/** What a server answers when it is asked for its models. */
export interface ListAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
}

/** The models that a server offers, from all the pages of its list. @throws CallError */
export const listModels = async (
  target: ListTarget,
  transport: Transport,
  signal: AbortSignal,
): Promise<readonly ModelEntry[]> => {
  const entries = new Map<string, ModelEntry>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await requestModels(target, transport, signal, cursor);
    const body = bodyOf(target, answer);
    for (const entry of entriesOf(body)) entries.set(entry.id, entry);
    const next = isJsonObject(body) ? nextPage(body) : undefined;
    if (next === undefined || next === cursor) break;
    cursor = next;
  }
  return [...entries.values()];
};

/** Asks a server once for its models, whatever it answers. @throws CallError when no answer comes */
export const requestModels = async (
  target: ListTarget,
  transport: Transport,
  signal: AbortSignal,
  cursor?: string,
): Promise<ListAnswer> => {
  const { vendor, apiKey, headers: extra = {} } = target;
  checkKey(apiKey);
  const base = baseOf(target.baseURL);
  const { "content-type": _, ...headers } = requestHeaders(formatOf(vendor), vendor, apiKey, extra).whole;
  const sink = new WholeBody();
  try {
    await transport.send(
      { method: "GET", origin: base.origin, path: listPath(base, vendor, cursor), headers },
      signal,
      sink,
    );
  } catch (error) {
    if (signal.aborted || error instanceof CallError) throw error;
    throw connectionError(factsOf(target), error);
  }
  return sink;
};

/** The failure that an answer reports; nothing when it is a success. */
export const listFailure = (target: ListTarget, { status, headers, text }: ListAnswer): CallError | undefined => {
  if (status >= 200 && status < 300) return undefined;
  const value = parsedJson(text);
  return providerError(factsOf(target), { status, headers, text, ...(value === undefined ? {} : { value }) });
};

/** No server has so many. */
const mostPages = 20;
const pageSize = 1000;
const largestBytes = 32 * 2 ** 20;

const formatOf = ({ conversation = "chat" }: Vendor): ReturnType<typeof wireFormat> => wireFormat(conversation);

/** Azure's older manner has its list beside the deployments. */
const listPath = ({ path, query, perDeployment }: Base, vendor: Vendor, cursor: string | undefined): string => {
  const root = perDeployment && path === "" ? "/openai" : path;
  const fields = new URLSearchParams(query);
  for (const [name, value] of paging(vendor, cursor)) fields.set(name, value);
  const text = fields.toString();
  return `${root}/models${text === "" ? "" : `?${text}`}`;
};

/** OpenAI's list has one page. */
const paging = ({ conversation }: Vendor, cursor: string | undefined): readonly (readonly [string, string])[] => {
  const names = conversation === undefined ? undefined : pageFields[conversation];
  const [size, after] = names ?? [undefined, "after"];
  return [
    ...(size === undefined ? [] : [[size, String(pageSize)] as const]),
    ...(cursor === undefined ? [] : [[after, cursor] as const]),
  ];
};

/** The fields for the size of a page, and for where it begins. */
const pageFields: Readonly<Partial<Record<Operation, readonly [string, string]>>> = {
  messages: ["limit", "after_id"],
  generate: ["pageSize", "pageToken"],
};

const nextPage = (body: JsonObject): string | undefined => {
  const next = body["nextPageToken"] ?? (body["has_more"] === true ? body["last_id"] : undefined);
  return typeof next === "string" && next !== "" ? next : undefined;
};

const bodyOf = (target: ListTarget, answer: ListAnswer): JsonValue => {
  const failure = listFailure(target, answer);
  if (failure !== undefined) throw failure;
  const body = parsedJson(answer.text);
  if (body !== undefined && listOf(body) !== undefined) return body;
  const { vendor } = target;
  throw new CallError(
    "malformed",
    `${vendor.name} answered ${answer.status} with something else than a list of models`,
    {
      status: answer.status,
      provider: vendor.name,
    },
  );
};

/** OpenAI and Anthropic say `data`, Gemini `models`; Together sends the bare list. */
const listOf = (body: JsonValue): readonly JsonValue[] | undefined => {
  const list = isJsonObject(body) ? (body["data"] ?? body["models"]) : body;
  return Array.isArray(list) ? (list as readonly JsonValue[]) : undefined;
};

const entriesOf = (body: JsonValue): readonly ModelEntry[] =>
  (listOf(body) ?? []).filter(isJsonObject).flatMap((model) => {
    const name = model["id"] ?? model["name"];
    if (typeof name !== "string" || name === "") return [];
    const contextTokens = contextOf(model);
    return [{ id: name.replace(/^models\//, ""), ...(contextTokens === undefined ? {} : { contextTokens }) }];
  });

const contextOf = (model: JsonObject): number | undefined =>
  contextFields.map((field) => countOf(model[field])).find((count) => count !== undefined && count > 0);

/** As OpenRouter, Groq, vLLM, Mistral, Anthropic and Gemini call it. */
const contextFields = [
  "context_length",
  "context_window",
  "max_model_len",
  "max_context_length",
  "max_input_tokens",
  "inputTokenLimit",
];

const factsOf = ({ vendor, baseURL, apiKey }: ListTarget): FailureFacts => ({
  call: { model: { provider: vendor.name, name: "" } },
  context: { attempt: 1, clock: systemClock },
  vendor,
  origin: baseOf(baseURL).origin,
  redactor: createRedactor(apiKey),
});

/** Keeps a whole answer. */
class WholeBody implements HttpSink, ListAnswer {
  status = 0;
  headers: HttpHeaders = {};
  readonly finished = false;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  get text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  head(status: number, headers: HttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  chunk(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > largestBytes) {
      throw new CallError("malformed", `The list of models is larger than ${largestBytes} bytes`);
    }
    this.#chunks.push(bytes);
  }
}
