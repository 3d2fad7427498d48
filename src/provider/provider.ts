import { cancellation } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { JsonObject } from "../call/json.ts";
import { type AttemptFacts, attemptError } from "./attempt-facts.ts";
import type { HttpRequest, Transport } from "./http-contract.ts";
import { createRedactor } from "./redact.ts";
import { baseOf, requestPath } from "./request-path.ts";
import { checkHeaders, checkKey, type RequestHeaders, requestHeaders, secretHeaders } from "./request-headers.ts";
import { ReplyReader } from "./reply-reader.ts";
import type { Vendor } from "./vendor.ts";
import type { WireFormat } from "./wire-format.ts";
import { wireFormat } from "./wire-formats.ts";

/** Options of `createProvider`. */
export interface ProviderOptions {
  readonly vendor: Vendor;
  /** What replies call it. @default the vendor's name */
  readonly deployment?: string;
  /** @default the vendor's */
  readonly baseURL?: string;
  /** @default none: no header for a key is sent */
  readonly apiKey?: string;
  readonly transport: Transport;
  /** Added to every request; they win over ours. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The largest body, or collected stream, that is taken. @default 64 MiB */
  readonly maxBodyBytes?: number;
}

/** One attempt over HTTP, classified once: it gives a reply or a `CallError`, and never tries again. */
export const createProvider = (options: ProviderOptions): Handler => {
  const { vendor, deployment = vendor.name, baseURL = vendor.baseURL, apiKey, transport } = options;
  const { maxBodyBytes = 64 * 2 ** 20, headers: extra = {} } = options;
  const base = baseOf(baseURL);
  const redactor = createRedactor(apiKey, ...secretHeaders(extra));
  checkKey(apiKey);
  checkHeaders(extra);
  const doors = new Map<WireFormat, RequestHeaders>();
  const headersOf = (format: WireFormat): RequestHeaders => {
    const known = doors.get(format) ?? requestHeaders(format, vendor, apiKey, extra);
    doors.set(format, known);
    return known;
  };
  const whereabouts = ({ address }: Context): Pick<AttemptFacts, "origin" | "redactor"> => ({
    origin: address?.origin ?? base.origin,
    redactor: address?.secret === undefined ? redactor : createRedactor(address.secret),
  });

  return async function provider(call, context) {
    const facts: AttemptFacts = { call, context, vendor, deployment, ...whereabouts(context) };
    if (context.signal.aborted) throw cancellation(context.signal.reason);
    const format = wireFormat(call.operation);
    const streamed = call.body["stream"] === true;
    const body = serialized(facts, format.outgoing(call.body, vendor));
    const { secret: _, ...address } = context.address ?? {
      origin: base.origin,
      path: requestPath(base, vendor, format, call.model.name, streamed),
      headers: headersOf(format)[streamed ? "streamed" : "whole"],
    };
    const request: HttpRequest = { method: "POST", ...address, body };
    const reader = new ReplyReader({ facts, format, streamed, maxBodyBytes });
    try {
      await transport.send(request, context.signal, reader);
      return await reader.reply();
    } catch (error) {
      return reader.rescue(error);
    }
  };
};

const serialized = (facts: AttemptFacts, body: JsonObject): string => {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw attemptError(facts, "invalid_request", `Cannot send the request: its body is not JSON: ${why}`, { cause });
  }
};
