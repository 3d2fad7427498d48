import { CallError } from "../call/call-error.ts";
import type { ModelRef } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import { encodeChat } from "../provider/openai/chat-codec.ts";
import { customVendor } from "../provider/custom-vendor.ts";
import type { Vendor } from "../provider/vendor.ts";
import { findVendor } from "../provider/vendors.ts";
import type { ChatRequest } from "./chat-request.ts";
import { parseModel } from "./target.ts";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly model: ModelRef;
  readonly body: JsonObject;
  /** Where a bound on the output may be put in the body; absent where somebody named one, or wants none. */
  readonly boundField?: string;
}

/** What holds for a request that does not say it itself. */
export interface RequestDefaults {
  readonly model?: string | undefined;
  readonly maxOutputTokens?: number | "auto" | undefined;
}

/**
 * Turns what a caller asks into the provider's own body.
 *
 * @param defaults the client's.
 * @throws CallError `invalid_request` when there is no model, or nothing to ask.
 */
export const buildCall = (request: ChatRequest, defaults: RequestDefaults): WireRequest => {
  const model = modelOf(request, defaults.model);
  const { maxOutputTokens = defaults.maxOutputTokens } = request;
  checkOutputBound(maxOutputTokens);
  const vendor = findVendor(model.provider) ?? customVendor;
  const asked =
    request.body === undefined ? encoded(request, defaults, model, vendor) : { ...request.body, model: model.name };
  const body = request.stream === true ? { ...asked, stream: true } : asked;
  const boundable = maxOutputTokens === "auto" && isBoundable(body);
  return { model, body, ...(boundable && { boundField: vendor.outputBoundField ?? "max_tokens" }) };
};

/** @throws CallError `invalid_request` */
export const checkOutputBound = (maxOutputTokens: unknown): void => {
  if (maxOutputTokens === undefined || maxOutputTokens === "auto") return;
  if (typeof maxOutputTokens === "number" && Number.isInteger(maxOutputTokens) && maxOutputTokens > 0) return;
  throw new CallError(
    "invalid_request",
    `Cannot ask: "maxOutputTokens" must be a whole number above 0 or 'auto', got ${JSON.stringify(maxOutputTokens)}`,
  );
};

/** Of several answers only the sum is reported: nothing is known of the longest. */
const isBoundable = ({ n, max_tokens: bound, max_completion_tokens: newerBound }: JsonObject): boolean =>
  (bound ?? newerBound ?? null) === null && !(typeof n === "number" && n > 1);

/** The request's model, else the body's own name at the client's provider, else the client's. */
const modelOf = ({ model, body }: ChatRequest, defaultModel: string | undefined): ModelRef => {
  if (model !== undefined) return parseModel(model);
  const named = body?.["model"];
  if (typeof named === "string")
    return { ...parseModel(defaultModel ?? named), name: defaultModel === undefined ? parseModel(named).name : named };
  if (defaultModel !== undefined) return parseModel(defaultModel);
  throw new CallError("invalid_request", `No model: give createLLM or the call a "model" such as 'openai/gpt-5-mini'`);
};

const encoded = (request: ChatRequest, defaults: RequestDefaults, { name }: ModelRef, vendor: Vendor): JsonObject => {
  const { maxOutputTokens = defaults.maxOutputTokens, ...input } = request;
  if (input.prompt === undefined && input.messages === undefined) {
    throw new CallError("invalid_request", `Nothing to ask: give the call a "prompt", "messages" or a "body"`);
  }
  return encodeChat(typeof maxOutputTokens === "number" ? { ...input, maxOutputTokens } : input, name, vendor);
};
