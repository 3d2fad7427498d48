import { grouped } from "./amount-text.ts";
import { boundOf } from "./bound-of.ts";
import type { Line, Paint } from "./line.ts";
import { span } from "./line.ts";
import { knownLimit, type Snapshot } from "./snapshot.ts";
import type { Style } from "./style.ts";
import { roughText } from "./time-text.ts";

/** What keeps the run from going faster, or that it is stopping. */
export const boundLine = (snapshot: Snapshot, style: Style): Line => {
  const [text, paint] = boundText(snapshot, style);
  return [span(" "), span(text, paint)];
};

const boundText = (snapshot: Snapshot, { words, glyphs }: Style): readonly [string, Paint] => {
  const { bound } = words;
  const { phase, inFlight, heldMs } = snapshot;
  const boundBy = boundOf(snapshot);
  if (phase === "reading") return [words.reading, "dim"];
  if (phase === "aborting") return [bound.aborting(grouped(inFlight)), "yellow"];
  if (phase === "draining") return [bound.draining(grouped(inFlight)), "yellow"];
  const concurrency = concurrencyText(snapshot, words);
  if (heldMs > 0) return [join([bound.held(roughText(heldMs, words)), concurrency], glyphs.dot), "yellow"];
  if (boundBy === "paused") return [bound.paused, "yellow"];
  if (boundBy === "retries") return [join([bound.retrying, concurrency], glyphs.dot), "yellow"];
  if (boundBy === undefined) return [join([bound.nothing, concurrency], glyphs.dot), "dim"];
  if (boundBy === "maxConcurrent" && concurrency !== undefined) return [bound.by(concurrency, ""), "cyan"];
  return [join([bound.by(boundBy, limitDetail(snapshot, boundBy, words)), concurrency], glyphs.dot), "cyan"];
};

const concurrencyText = (snapshot: Snapshot, { bound }: Style["words"]): string | undefined => {
  const slots = knownLimit(snapshot, "maxConcurrent");
  if (slots === undefined) return undefined;
  const detail = slots.source === "configured" ? `-j ${slots.value}` : bound.sources[slots.source];
  return bound.concurrency(grouped(slots.value), detail);
};

const limitDetail = (snapshot: Snapshot, name: string, { bound }: Style["words"]): string => {
  const limit = knownLimit(snapshot, name);
  const flag = limitFlags[name];
  if (limit === undefined) return "";
  return flag === undefined || limit.source !== "configured"
    ? ` (${grouped(limit.value)}, ${bound.sources[limit.source]})`
    : ` (${flag} ${limit.value})`;
};

const limitFlags: Readonly<Record<string, string>> = {
  requestsPerMinute: "--rpm",
  tokensPerMinute: "--tpm",
  maxConcurrent: "-j",
};

const join = (texts: readonly (string | undefined)[], dot: string): string =>
  texts.filter((text) => text !== undefined).join(` ${dot} `);
