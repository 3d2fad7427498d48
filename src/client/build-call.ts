import { CallError } from "../call/call-error.ts";
import type { ModelRef } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import { encodeChat } from "../provider/openai/chat-codec.ts";
import { customVendor } from "../provider/custom-vendor.ts";
import { findVendor } from "../provider/vendors.ts";
import type { ChatRequest } from "./chat-request.ts";
import { parseModel } from "./target.ts";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly model: ModelRef;
  readonly body: JsonObject;
}

/**
 * Turns what a caller asks into the provider's own body.
 *
 * @param defaultModel the client's model.
 * @throws CallError `invalid_request` when there is no model, or nothing to ask.
 */
export const buildCall = (request: ChatRequest, defaultModel: string | undefined): WireRequest => {
  const model = modelOf(request, defaultModel);
  const body = request.body === undefined ? encoded(request, model) : { ...request.body, model: model.name };
  return { model, body: request.stream === true ? { ...body, stream: true } : body };
};

/** The request's model, else the body's own name at the client's provider, else the client's. */
const modelOf = ({ model, body }: ChatRequest, defaultModel: string | undefined): ModelRef => {
  if (model !== undefined) return parseModel(model);
  const named = body?.["model"];
  if (typeof named === "string")
    return { ...parseModel(defaultModel ?? named), name: defaultModel === undefined ? parseModel(named).name : named };
  if (defaultModel !== undefined) return parseModel(defaultModel);
  throw new CallError("invalid_request", `No model: give createLLM or the call a "model" such as 'openai/gpt-5-mini'`);
};

const encoded = (request: ChatRequest, { provider, name }: ModelRef): JsonObject => {
  if (request.prompt === undefined && request.messages === undefined) {
    throw new CallError("invalid_request", `Nothing to ask: give the call a "prompt", "messages" or a "body"`);
  }
  return encodeChat(request, name, findVendor(provider) ?? customVendor);
};
