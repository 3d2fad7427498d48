import { CallError } from "../call/call-error.ts";
import type { ModelRef, Operation } from "../call/call.ts";
import type { ChatInput } from "../call/chat-input.ts";
import { answerSchema } from "./structured/answer-schema.ts";
import type { JsonObject } from "../call/json.ts";
import type { Vendor } from "../provider/vendor.ts";
import type { WireFormat } from "../provider/wire-format.ts";
import { wireFormat } from "../provider/wire-formats.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { RoutedModel, RouteTable } from "./routes.ts";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly operation: Operation;
  readonly model: ModelRef;
  /** The name under which several deployments serve it. */
  readonly group?: string;
  readonly body: JsonObject;
  /** Where it goes, where that is decided already. */
  readonly deployment?: string;
  /** Whether we may bound the output: nobody named a bound, and somebody wants an automatic one. */
  readonly boundable?: true;
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
export const buildCall = (request: ChatRequest, defaults: RequestDefaults, routes: RouteTable): WireRequest => {
  const { group, ...model } = modelOf(request, defaults.model, routes);
  const { maxOutputTokens = defaults.maxOutputTokens } = request;
  checkOutputBound(maxOutputTokens);
  const vendor = routes.vendorOf(model.provider);
  const operation = request.operation ?? vendor.conversation ?? "chat";
  const format = wireFormat(operation);
  const asked =
    request.body === undefined
      ? encoded(request, maxOutputTokens, model, { format, vendor })
      : { ...request.body, model: model.name };
  const body = request.stream === true ? { ...asked, stream: true } : asked;
  const boundable = maxOutputTokens === "auto" && isBoundable(body, format);
  return { operation, model, body, ...(group !== undefined && { group }), ...(boundable && { boundable }) };
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
const isBoundable = (body: JsonObject, format: WireFormat): boolean =>
  format.withOutputBound !== undefined &&
  format.outputBound(body) === undefined &&
  !(typeof body["n"] === "number" && body["n"] > 1);

/** The request's model, else the body's own name: of several deployments, or at the client's provider; else the client's. */
const modelOf = ({ model, body }: ChatRequest, defaultModel: string | undefined, routes: RouteTable): RoutedModel => {
  const { modelOf: parse } = routes;
  if (model !== undefined) return parse(model);
  const named = body?.["model"];
  if (typeof named === "string")
    return defaultModel === undefined || routes.isGroup(named)
      ? parse(named)
      : { provider: parse(defaultModel).provider, name: named };
  if (defaultModel !== undefined) return parse(defaultModel);
  throw new CallError("invalid_request", `No model: give createLLM or the call a "model" such as 'openai/gpt-5-mini'`);
};

const encoded = (
  request: ChatRequest,
  bound: number | "auto" | undefined,
  { name }: ModelRef,
  { format, vendor }: { readonly format: WireFormat; readonly vendor: Vendor },
): JsonObject => {
  const { maxOutputTokens: _, schema, jsonSchema, ...asked } = request;
  const input: ChatInput = schema === undefined ? asked : { ...asked, answer: answerSchema(schema, jsonSchema) };
  if (input.prompt === undefined && input.messages === undefined) {
    throw new CallError("invalid_request", `Nothing to ask: give the call a "prompt", "messages" or a "body"`);
  }
  if (format.encode === undefined) {
    throw new CallError(
      "invalid_request",
      `Cannot ask: the operation "${format.operation}" answers no prompt; give a "body"`,
    );
  }
  return format.encode(typeof bound === "number" ? { ...input, maxOutputTokens: bound } : input, name, vendor);
};
