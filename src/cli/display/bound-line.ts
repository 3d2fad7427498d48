import { grouped } from "./amount-text.ts";
import { boundOf } from "./bound-of.ts";
import { concurrencyText, limitDetail, limitName } from "./limit-text.ts";
import type { Line, Paint } from "./line.ts";
import { span } from "./line.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Style } from "./style.ts";
import { roughText } from "./time-text.ts";

/** What keeps the run from going faster, or that it is stopping. */
export const boundLine = (snapshot: Snapshot, style: Style): Line => {
  const [text, paint] = boundText(snapshot, style);
  return [span(" "), span(text, paint)];
};

const boundText = (snapshot: Snapshot, { words, glyphs }: Style): readonly [string, Paint] => {
  const { bound } = words;
  const { phase, inFlight, heldMs, failingMs } = snapshot;
  const boundBy = boundOf(snapshot);
  if (phase === "reading") return [words.reading, "dim"];
  if (phase === "aborting") return [bound.aborting(grouped(inFlight)), "yellow"];
  if (phase === "draining") return [bound.draining(grouped(inFlight)), "yellow"];
  const concurrency = concurrencyText(snapshot, words);
  if (failingMs !== undefined) {
    return [bound.failing(failingMs > 0 ? roughText(failingMs, words) : undefined), "yellow"];
  }
  const held = boundBy === "quota" ? bound.usedUp : bound.held;
  if (heldMs > 0) return [join([held(roughText(heldMs, words)), concurrency], glyphs.dot), "yellow"];
  if (boundBy === "paused") return [bound.paused, "yellow"];
  if (boundBy === "retries") return [join([bound.retrying, concurrency], glyphs.dot), "yellow"];
  if (boundBy === undefined) return [join([bound.nothing, concurrency], glyphs.dot), "dim"];
  if (boundBy === "maxConcurrent" && concurrency !== undefined) return [bound.by(concurrency, ""), "cyan"];
  const limit = bound.by(limitName(boundBy, words), limitDetail(snapshot, boundBy, words));
  return [join([limit, concurrency], glyphs.dot), "cyan"];
};

const join = (texts: readonly (string | undefined)[], dot: string): string =>
  texts.filter((text) => text !== undefined).join(` ${dot} `);
