import type { Inquiry, Vendor, Visit } from "./dialect.ts";
import type { House } from "./endpoint.ts";
import type { ErrorAnswer } from "./failure.ts";
import { keyRefusal } from "./key-refusal.ts";

/** How one format counts the tokens of a prompt. */
export interface Counting {
  readonly vendor: Vendor;
  /** The number, or what the vendor says about the request. */
  readonly count: (inquiry: Inquiry) => ErrorAnswer;
}

/** Counts the tokens of a prompt. That is no call: it costs nothing, and is in no ledger. */
export const answerCount = ({ settings }: House, { vendor, count }: Counting, visit: Visit): void => {
  const { body, response } = visit;
  const { apiKey, maxBodyBytes } = settings;
  const requestId = "req_count";
  const {
    status,
    headers,
    body: text,
  } = keyRefusal(vendor, visit, apiKey, requestId) ??
  (body === undefined ? vendor.error({ kind: "size", maxBodyBytes }, requestId) : count({ ...visit, body, requestId }));
  response.writeHead(status, {
    ...headers,
    ...vendor.replyHeaders(requestId, 0),
    "content-length": String(Buffer.byteLength(text)),
  });
  response.end(text);
};
