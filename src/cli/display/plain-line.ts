import { shortLimitName } from "../limit-names.ts";
import { compact, grouped } from "./amount-text.ts";
import { boundOf } from "./bound-of.ts";
import { knownLimit, type Snapshot } from "./snapshot.ts";
import { clockText, durationText } from "./time-text.ts";
import { english } from "./words-en.ts";

/** Progress for logs: one line that people and `grep` can read, in English everywhere. */
export const plainLine = (snapshot: Snapshot): string => {
  const { elapsedMs, rows, succeeded, failed, inFlight, requestsPerMinute, tokensPerMinute, etaMs } = snapshot;
  const done = succeeded + failed;
  const share = (rate: number, name: string): string => {
    const limit = knownLimit(snapshot, name)?.value;
    return limit === undefined ? "" : `(${Math.round((100 * rate) / limit)}%)`;
  };
  return [
    clockText(elapsedMs),
    `${rows === 0 ? 100 : Math.floor((100 * done) / rows)}%`,
    `${grouped(done)}/${grouped(rows)}`,
    `ok=${grouped(succeeded)}`,
    `fail=${grouped(failed)}`,
    `inflight=${grouped(inFlight)}`,
    `${grouped(requestsPerMinute)}rpm${share(requestsPerMinute, "requestsPerMinute")}`,
    `${compact(tokensPerMinute, english)}tpm${share(tokensPerMinute, "tokensPerMinute")}`,
    ...(etaMs === undefined ? [] : [`eta=${durationText(Math.ceil(etaMs / 1000) * 1000, english).replace(/ /g, "")}`]),
    ...boundField(snapshot),
  ].join(" ");
};

const boundField = (snapshot: Snapshot): string[] => {
  const { phase, heldMs, failingMs } = snapshot;
  const boundBy = boundOf(snapshot);
  if (phase !== "running") return [phase];
  if (failingMs !== undefined) return [`failing=${Math.ceil(failingMs / 1000)}s`];
  if (heldMs > 0 && boundBy === "quota") return [`quota_used_up=${Math.ceil(heldMs / 1000)}s`];
  if (heldMs > 0) return [`held=${Math.ceil(heldMs / 1000)}s`];
  return boundBy === undefined ? [] : [`bound=${shortLimitName(boundBy)}`];
};
