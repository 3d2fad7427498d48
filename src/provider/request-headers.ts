import type { Vendor } from "./vendor.ts";
import { version } from "./version.ts";
import type { WireFormat } from "./wire-format.ts";

type Headers = Readonly<Record<string, string>>;

/** The headers of requests, by whether their answer is streamed. */
export interface RequestHeaders {
  readonly whole: Headers;
  readonly streamed: Headers;
}

/** What goes with every request of a format; `extra` headers win over ours. */
export const requestHeaders = (
  format: WireFormat,
  vendor: Vendor,
  apiKey: string | undefined,
  extra: Headers,
): RequestHeaders => {
  const whole: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": `sluice/${version}`,
    ...format.headers,
    ...keyHeader(vendor.keyHeader ?? format.keyHeader, apiKey),
  };
  for (const [name, value] of Object.entries(extra)) whole[name.toLowerCase()] = value;
  return { whole, streamed: accepts(extra) ? whole : { ...whole, accept: "text/event-stream" } };
};

/** @throws TypeError when a key cannot stand in a header. */
export const checkKey = (apiKey: string | undefined): void => {
  if (apiKey === undefined || /^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new TypeError(
    'Cannot create provider: "apiKey" must be printable ASCII without spaces; look for a line break, a quote or a space around it',
  );
};

/** @throws TypeError when one is no valid header. */
export const checkHeaders = (headers: Headers): void => {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    throw new TypeError(`Cannot create provider: "headers" must be valid HTTP headers, got ${JSON.stringify(name)}`);
  }
};

/** The values of headers that hold a secret, by their names. */
export const secretHeaders = (headers: Headers): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    isSecretName(name) ? [value, value.replace(/^(?:bearer|basic)\s+/i, "")] : [],
  );

/** Whether what goes by a name should not be shown. */
export const isSecretName = (name: string): boolean => /auth|key|token|secret|cookie|password/i.test(name);

const keyHeader = (name: string | undefined, apiKey: string | undefined): Headers => {
  if (apiKey === undefined) return {};
  return name === undefined ? { authorization: `Bearer ${apiKey}` } : { [name]: apiKey };
};

const accepts = (headers: Headers): boolean => Object.keys(headers).some((name) => name.toLowerCase() === "accept");
