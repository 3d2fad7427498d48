import type { Glyphs } from "./glyphs.ts";
import type { Line } from "./line.ts";
import { span } from "./line.ts";

/** A bar of that many columns, filled to a share. */
export const bar = (share: number, columns: number, { barDone, barEdge, barRest }: Glyphs): Line => {
  const halves = Math.round(clamped(share) * columns * 2);
  const done = Math.floor(halves / 2);
  const edge = halves % 2 === 1 ? barEdge : "";
  return [span(barDone.repeat(done) + edge, "green"), span(barRest.repeat(columns - done - edge.length), "dim")];
};

/** A small gauge between two marks. */
export const meter = (share: number, columns: number, { meterCells, meterLeft, meterRight }: Glyphs): Line => {
  const steps = meterCells.length;
  const filled = Math.floor(clamped(share) * columns * steps);
  const full = (meterCells.at(-1) ?? "").repeat(Math.floor(filled / steps));
  const part = filled % steps === 0 ? "" : (meterCells[(filled % steps) - 1] ?? "");
  const rest = " ".repeat(columns - full.length - part.length);
  return [span(meterLeft, "dim"), span(full + part, "cyan"), span(rest), span(meterRight, "dim")];
};

const clamped = (share: number): number => Math.max(0, Math.min(1, share));
