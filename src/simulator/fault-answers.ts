import type { FaultKind } from "./fault-kind.ts";
import type { ErrorAnswer, Failure } from "./failure.ts";

/** Where a fault strikes. */
export interface FaultScene {
  readonly model: string;
  /** Where a redirect points. */
  readonly redirectTo: string;
  /** The vendor's words for a failure. */
  readonly error: (failure: Failure) => ErrorAnswer;
}

/** The answer of a fault that replaces the completion; undefined for the faults that spoil its delivery. */
export const faultAnswer = (
  fault: FaultKind | undefined,
  { model, redirectTo, error }: FaultScene,
): ErrorAnswer | undefined => {
  if (fault === undefined) return undefined;
  if (fault === "404") return error({ kind: "model", model });
  if (fault === "redirect") return { status: 307, body: "", headers: { location: redirectTo } };
  const failure = failures[fault];
  return failure === undefined ? pages[fault] : error(failure);
};

const failures: Readonly<Partial<Record<FaultKind, Failure>>> = {
  "429": { kind: "throttled" },
  "500": { kind: "server" },
  "503": { kind: "overloaded" },
  "400": { kind: "option" },
  "401": { kind: "login" },
  quota: { kind: "money" },
};

const page = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>proxy.example</p></body></html>\n`;

const html = { "content-type": "text/html; charset=utf-8" };

const pages: Readonly<Partial<Record<FaultKind, ErrorAnswer>>> = {
  "502": { status: 502, body: page("502 Bad Gateway"), headers: html },
  html: { status: 200, body: page("Sign in to continue"), headers: html },
};
