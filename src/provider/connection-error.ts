import type { CallError } from "../call/call-error.ts";
import { type FailureFacts, attemptError } from "./attempt-facts.ts";

/** Classifies the failure of a connection that brought no answer. @param sent whether the request had begun to leave. */
export const connectionError = (facts: FailureFacts, cause: unknown, sent = true): CallError => {
  const { vendor, origin } = facts;
  const code = errorCode(cause);
  const words = wording(cause, code);
  if (code !== undefined && unsendable.has(code)) {
    return attemptError(facts, "invalid_request", `Cannot send the request to ${vendor.name}: ${words}`, { cause });
  }
  const place = `${vendor.name} could not be reached at ${origin}`;
  if (certificate.test(code ?? "")) {
    const message = `${place}: its certificate was not accepted (${words})`;
    return attemptError(facts, "network", message, { cause, unreachable: true, retryable: false });
  }
  if (handshake.test(code ?? "")) {
    const message = `${place}: no TLS connection came about (${code}); check http and https in the address`;
    return attemptError(facts, "network", message, { cause, unreachable: true });
  }
  if (!sent || (code === undefined ? isRefusedByProxy(cause) : unreachable.has(code))) {
    return attemptError(facts, "network", `${place}: ${words}`, { cause, unreachable: true });
  }
  return attemptError(facts, "network", `The connection to ${vendor.name} at ${origin} broke: ${words}`, { cause });
};

/** No connection came about, so nothing was sent and nothing is paid. */
const unreachable: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_TLS",
]);

const unsendable: ReadonlySet<string> = new Set(["UND_ERR_INVALID_ARG", "ERR_INVALID_URL"]);

const certificate = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

const handshake = /^(?:ERR_SSL_|EPROTO$)/;

/** undici words the answer of a proxy as an aborted request. */
const isRefusedByProxy = (error: unknown): boolean =>
  error instanceof Error && /Proxy response \(\d+\)/.test(error.message);

/** The first system code along the causes: undici and Node wrap them. */
const errorCode = (error: unknown): string | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; depth++) {
    if (isRefusedByProxy(at)) return undefined;
    if ("code" in at && typeof at.code === "string") return at.code;
    at = at instanceof AggregateError && at.errors.length > 0 ? (at.errors[0] as unknown) : at.cause;
  }
  return undefined;
};

const wording = (error: unknown, code: string | undefined): string => {
  const words = describeError(error);
  return code === undefined || words.includes(code) ? words : `${code}: ${words}`;
};

const describeError = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === "" && error.errors.length > 0) {
    return describeError(error.errors[0]);
  }
  return error instanceof Error ? error.message || error.name : String(error);
};
