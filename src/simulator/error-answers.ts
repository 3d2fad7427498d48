import { goDuration } from "./go-duration.ts";
import type { Refusal } from "./admission.ts";

/** An answer that is not a completion. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface ErrorFields {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** An error in the vendor's shape. */
export const vendorError = (
  status: number,
  { message, type = "invalid_request_error", param = null, code = null }: ErrorFields,
  headers: Readonly<Record<string, string>> = {},
): ErrorAnswer => ({
  status,
  body: JSON.stringify({ error: { message, type, param, code } }),
  headers: { "content-type": "application/json", ...headers },
});

/** The 429 for a refusal, with the vendor's words; without a hint it does not say when to try again. */
export const refusalError = (refused: Refusal, model: string, hints = true): ErrorAnswer => {
  const { reason, limit, used, requested } = refused;
  const waitMs = hints ? refused.waitMs : undefined;
  const subject = `${model} in organization org-simulated on ${units[reason]}`;
  const fields = { type: aboutRequests.has(reason) ? "requests" : "tokens", code: exceeded };
  if (reason === "too-large") {
    const message = `Request too large for ${subject}: Limit ${limit}, Requested ${requested}. The input or output tokens must be reduced in order to run successfully. ${visit}`;
    return vendorError(429, { ...fields, message });
  }
  const again = waitMs === undefined ? "" : ` Please try again in ${goDuration(waitMs)}.`;
  const message = `Rate limit reached for ${subject}: Limit ${limit}, Used ${used}, Requested ${requested}.${again} ${visit}`;
  return vendorError(429, { ...fields, message }, waitMs === undefined ? {} : retryAfter(waitMs));
};

/** The vendor says the time twice: whole seconds, and exactly. */
export const retryAfter = (waitMs: number): Record<string, string> => ({
  "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))),
  "retry-after-ms": String(Math.max(1, Math.ceil(waitMs))),
});

const exceeded = "rate_limit_exceeded";
const visit = "Visit https://platform.openai.com/account/rate-limits to learn more.";
const aboutRequests: ReadonlySet<Refusal["reason"]> = new Set(["requests", "concurrency"] as const);
const units = {
  requests: "requests per min (RPM)",
  tokens: "tokens per min (TPM)",
  input: "input tokens per min (ITPM)",
  output: "output tokens per min (OTPM)",
  "too-large": "tokens per min (TPM)",
  concurrency: "concurrent requests",
} as const;

/** The 401 for a request without a key, or with another one; the key is shown as little as the vendor shows it. */
export const keyError = (key: string | undefined): ErrorAnswer =>
  key === undefined
    ? vendorError(401, {
        message:
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
      })
    : vendorError(401, {
        message: `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        code: "invalid_api_key",
      });

/** The 500 that says nothing. */
export const serverError: ErrorAnswer = vendorError(500, {
  message: "The server had an error while processing your request. Sorry about that!",
  type: "server_error",
});

const masked = (key: string): string =>
  key.length < 12 ? "*".repeat(key.length) : `${key.slice(0, 3)}${"*".repeat(8)}${key.slice(-4)}`;

/** The 404 for a path that the vendor does not know. */
export const pathError = (method: string, path: string): ErrorAnswer =>
  vendorError(404, {
    message: `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://platform.openai.com/docs/api-reference/.`,
    code: "unknown_url",
  });

/** The 404 for a model that the account does not have. */
export const modelError = (model: string): ErrorAnswer =>
  vendorError(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: "model_not_found",
  });

/** The 413 for a body that is too long to be read. */
export const sizeError = (maxBodyBytes: number): ErrorAnswer =>
  vendorError(413, { message: `The request body is larger than the maximum of ${maxBodyBytes} bytes.` });
