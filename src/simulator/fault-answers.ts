import { type ErrorAnswer, keyError, modelError, retryAfter, serverError, vendorError } from "./error-answers.ts";
import type { FaultKind } from "./fault-kind.ts";

/** Where a fault strikes. */
export interface FaultScene {
  readonly model: string;
  /** Where a redirect points. */
  readonly redirectTo: string;
}

/** The answer of a fault that replaces the completion; undefined for the faults that spoil its delivery. */
export const faultAnswer = (
  fault: FaultKind | undefined,
  { model, redirectTo }: FaultScene,
): ErrorAnswer | undefined => {
  if (fault === undefined) return undefined;
  if (fault === "404") return modelError(model);
  if (fault === "redirect") return { status: 307, body: "", headers: { location: redirectTo } };
  return fixed[fault];
};

const page = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>proxy.example</p></body></html>\n`;

const html = { "content-type": "text/html; charset=utf-8" };

const fixed: Readonly<Partial<Record<FaultKind, ErrorAnswer>>> = {
  "429": vendorError(
    429,
    {
      message: "Rate limit reached for requests. Please try again in 250ms.",
      type: "requests",
      code: "rate_limit_exceeded",
    },
    retryAfter(250),
  ),
  "500": serverError,
  "503": vendorError(503, {
    message: "The engine is currently overloaded, please try again later.",
    type: "server_error",
  }),
  "400": vendorError(400, {
    message: "Unsupported value: 'temperature' does not support 0 with this model.",
    param: "temperature",
    code: "unsupported_value",
  }),
  "401": keyError("sk-simulated-fault"),
  quota: vendorError(429, {
    message:
      "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    type: "insufficient_quota",
    code: "insufficient_quota",
  }),
  "502": { status: 502, body: page("502 Bad Gateway"), headers: html },
  html: { status: 200, body: page("Sign in to continue"), headers: html },
};
