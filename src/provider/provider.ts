import { cancellation } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import type { JsonObject } from "../call/json.ts";
import { type AttemptFacts, attemptError } from "./attempt-facts.ts";
import type { HttpRequest, Transport } from "./http-contract.ts";
import { chatFormat } from "./openai/chat-format.ts";
import { createRedactor } from "./redact.ts";
import { ReplyReader } from "./reply-reader.ts";
import type { Vendor } from "./vendor.ts";
import { version } from "./version.ts";

/** Options of `createProvider`. */
export interface ProviderOptions {
  readonly vendor: Vendor;
  /** @default the vendor's */
  readonly baseURL?: string;
  /** @default none: no `authorization` header is sent */
  readonly apiKey?: string;
  readonly transport: Transport;
  /** Added to every request; they win over ours. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The largest body, or collected stream, that is taken. @default 64 MiB */
  readonly maxBodyBytes?: number;
}

/** One attempt over HTTP, classified once: it gives a reply or a `CallError`, and never tries again. */
export const createProvider = (options: ProviderOptions): Handler => {
  const { vendor, baseURL = vendor.baseURL, apiKey, transport, maxBodyBytes = 64 * 2 ** 20 } = options;
  const format = chatFormat;
  const target = targetOf(baseURL, format.path);
  const redactor = createRedactor(apiKey);
  const headers = requestHeaders(apiKey, options.headers ?? {});
  const streamHeaders = { ...headers, accept: options.headers?.["accept"] ?? "text/event-stream" };

  return async function provider(call, context) {
    const facts: AttemptFacts = { call, context, vendor, origin: target.origin, redactor };
    if (context.signal.aborted) throw cancellation(context.signal.reason);
    const streamed = call.body["stream"] === true;
    const body = serialized(facts, format.outgoing(call.body, vendor));
    const request: HttpRequest = { method: "POST", ...target, headers: streamed ? streamHeaders : headers, body };
    const reader = new ReplyReader({ facts, format, streamed, maxBodyBytes });
    try {
      await transport.send(request, context.signal, reader);
      return await reader.reply();
    } catch (error) {
      return reader.rescue(error);
    }
  };
};

const targetOf = (baseURL: string, path: string): { readonly origin: string; readonly path: string } => {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    const shown = url === undefined ? JSON.stringify(baseURL.slice(0, 80)) : `one of ${url.protocol}//${url.host}`;
    throw new TypeError(`Cannot create provider: "baseURL" must be an http(s) URL without a user name, got ${shown}`);
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") + path + url.search };
};

const requestHeaders = (
  apiKey: string | undefined,
  extra: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError(
      'Cannot create provider: "apiKey" must be printable ASCII without spaces; look for a line break, a quote or a space around it',
    );
  }
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": `sluice/${version}`,
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  for (const [name, value] of Object.entries(extra)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new TypeError(`Cannot create provider: "headers" must be valid HTTP headers, got ${JSON.stringify(name)}`);
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
};

const serialized = (facts: AttemptFacts, body: JsonObject): string => {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw attemptError(facts, "invalid_request", `Cannot send the request: its body is not JSON: ${why}`, { cause });
  }
};
