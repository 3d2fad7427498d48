import { grouped } from "./amount-text.ts";
import { fieldLine, type Line, span } from "./line.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Style } from "./style.ts";
import { roughText } from "./time-text.ts";

/** The live display of a narrow terminal: as much as fits, the most telling first. */
export const oneLine = (snapshot: Snapshot, { words, width }: Style): Line => {
  const { phase, rows, succeeded, failed, inFlight, etaMs, heldMs } = snapshot;
  if (phase === "reading") return [span(words.reading, "dim")];
  const done = succeeded + failed;
  const percent = rows === 0 ? 100 : Math.floor((100 * done) / rows);
  const stopping = phase === "aborting" ? words.bound.aborting : words.bound.draining;
  const state: Line[] =
    phase !== "running"
      ? [[span(stopping(grouped(inFlight)), "yellow")]]
      : heldMs > 0
        ? [[span(words.bound.held(roughText(heldMs, words)), "yellow")]]
        : [];
  const fields: Line[] = [
    [span(`${grouped(done)}/${grouped(rows)}`)],
    ...state,
    ...(etaMs === undefined ? [] : [[span(words.eta(roughText(etaMs, words)))]]),
    ...(failed > 0 ? [[span(words.failed(grouped(failed)), "red")]] : []),
    [span(words.requestsPerMinute(grouped(snapshot.requestsPerMinute)))],
  ];
  return fieldLine([span(`${percent}% `, "bold")], fields, width, 1);
};
