import type { ExceededQuota } from "../call/call-error.ts";
import type { ProviderError } from "./error-body.ts";
import { googleViolation } from "./google-violation.ts";

/**
 * Which kind of limit a refused request ran into, when its error says so.
 *
 * OpenAI names requests and tokens in `type`; a limit on calls at once has no type of its own anywhere, so the words of
 * the message decide first: "concurrency", "too many parallel requests", 并发.
 */
export const exceededQuota = ({ type, code, message, details }: ProviderError): ExceededQuota | undefined => {
  const words = googleViolation(details)?.id ?? `${code ?? ""} ${message}`;
  if (atOnce.test(words)) return "concurrency";
  if (type === "tokens" || tokensPer.test(words)) return "tokens";
  return type === "requests" || requestsPer.test(words) ? "requests" : undefined;
};

const atOnce = /concurren|parallel|simultaneous|at the same time|并发|同时/i;
const tokensPer = /\btokens? (?:per|rate)\b|\b[IO]?TP[MHD]\b|TPM(?:Rate|Exceeded)|TokensPer/i;
const requestsPer =
  /\brequests? (?:per|rate)\b|\bcall rate\b|\bRP[SMHD]\b|\bQP[SM]\b|RPM(?:Rate|Exceeded)|RequestsPer/i;
