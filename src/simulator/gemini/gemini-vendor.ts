import type { Vendor } from "../dialect.ts";
import { headerKey } from "../key-refusal.ts";
import { geminiError } from "./gemini-errors.ts";

/** Gemini's errors; it tells nothing of its quotas in headers. */
export const geminiVendor: Vendor = {
  framing: "crlf",
  key: (visit) => headerKey(visit, "x-goog-api-key") ?? new URLSearchParams(visit.search).get("key") ?? undefined,
  error: geminiError,
  quotaHeaders: () => ({}),
  replyHeaders: (_requestId, elapsedMs) => ({ "server-timing": `gfet4t7; dur=${Math.round(elapsedMs)}` }),
  errorFrame: (body) => `${body}\n`,
};
