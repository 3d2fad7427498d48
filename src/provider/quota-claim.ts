import type { QuotaClaim } from "../call/call-error.ts";
import type { ProviderError } from "./error-body.ts";
import { googleViolation } from "./google-violation.ts";

/**
 * What an error says of the quota that refused the call: OpenAI's and Groq's "Limit 30000, Used 28711, Requested 2415",
 * Moonshot's "max RPM: 20", Google's `quotaValue`.
 */
export const quotaClaim = (error: ProviderError): QuotaClaim | undefined => {
  const limit = googleViolation(error.details)?.limit ?? figure(limitWords.exec(error.message));
  if (limit === undefined || !(limit >= 0)) return undefined;
  const requested = figure(requestedWords.exec(error.message));
  const periodMs = quotaPeriodMs(error);
  const unit = unitWords.exec(error.message)?.[1]?.toLowerCase();
  return {
    limit,
    ...((unit === "input" || unit === "output") && { unit }),
    ...(requested !== undefined && { requested }),
    ...(periodMs !== undefined && { periodMs }),
  };
};

/** The period of the quota that refused the call, where it is not the usual minute. */
export const quotaPeriodMs = (error: ProviderError): number | undefined => {
  const words = googleViolation(error.details)?.id ?? `${error.code ?? ""} ${error.message}`;
  return periods.find(([pattern]) => pattern.test(words))?.[1];
};

/** The day, as `quotaPeriodMs` gives it. */
export const dayMs = 86_400_000;

/** The minute comes first: what is said of a day beside it is advice on a larger plan. */
const periods: readonly (readonly [RegExp, number | undefined])[] = [
  [/\bper[ -]min|\/ ?min|\b[IO]?[RT]PM\b|PerMinute/i, undefined],
  [/\bper[ -]day\b|\/ ?day\b|\bdaily\b|\b[IO]?[RT]PD\b|PerDay|每[日天]/i, dayMs],
  [/\bper[ -]hour\b|\/ ?hour\b|\b[IO]?[RT]PH\b|PerHour/i, 3_600_000],
  [/\bper[ -]sec|\/ ?sec|\b[RTQ]PS\b|PerSecond/i, 1000],
];

const limitWords = /\b(?:limit|max(?:imum)? [RT]P[SMHD])(?: is| of)?\s?[:=]?\s?(\d[\d,]*)/i;
const requestedWords = /\brequested\s?[:=]?\s?(\d[\d,]*)/i;

/** Anthropic's "400,000 output tokens per minute". */
const unitWords = /\b(input|output) tokens?\b/i;

const figure = (match: RegExpExecArray | null): number | undefined =>
  match?.[1] === undefined ? undefined : Number(match[1].replaceAll(",", ""));
