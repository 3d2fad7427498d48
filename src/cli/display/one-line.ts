import { grouped } from "./amount-text.ts";
import { fieldLine, type Line, span } from "./line.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Style } from "./style.ts";
import { roughText } from "./time-text.ts";
import type { Words } from "./words.ts";

/** The live display of a narrow terminal: as much as fits, the most telling first. */
export const oneLine = (snapshot: Snapshot, { words, width }: Style): Line => {
  const { phase, rows, succeeded, failed, etaMs } = snapshot;
  if (phase === "reading") return [span(words.reading, "dim")];
  const done = succeeded + failed;
  const percent = rows === 0 ? 100 : Math.floor((100 * done) / rows);
  const state = stateText(snapshot, words);
  const fields: Line[] = [
    [span(`${grouped(done)}/${grouped(rows)}`)],
    ...(state === undefined ? [] : [[span(state, "yellow")]]),
    ...(etaMs === undefined ? [] : [[span(words.eta(roughText(etaMs, words)))]]),
    ...(failed > 0 ? [[span(words.failed(grouped(failed)), "red")]] : []),
    [span(words.requestsPerMinute(grouped(snapshot.requestsPerMinute)))],
  ];
  return fieldLine([span(`${percent}% `, "bold")], fields, width, 1);
};

/** What keeps it from sending, beside its limits. */
const stateText = ({ phase, inFlight, heldMs, failingMs, boundBy }: Snapshot, words: Words): string | undefined => {
  const { bound } = words;
  if (phase === "aborting") return bound.aborting(grouped(inFlight));
  if (phase !== "running") return bound.draining(grouped(inFlight));
  if (failingMs !== undefined) return bound.failing(failingMs > 0 ? roughText(failingMs, words) : undefined);
  if (heldMs <= 0) return undefined;
  return (boundBy === "quota" ? bound.usedUp : bound.held)(roughText(heldMs, words));
};
