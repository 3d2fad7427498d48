import type { Fs } from "../files/fs.ts";
import type { RowIndex } from "../source/row-index.ts";
import { readFrames } from "./frames-file.ts";
import { PlaceTable } from "./place-table.ts";
import type { RowPlaces } from "./row-places.ts";

/** Where the answers of rows stand, as a journal that was recovered, and written on since, notes it. */
export const notedPlaces = async (fs: Fs, journal: string, index: RowIndex): Promise<RowPlaces> => {
  const places = new PlaceTable(index.rows);
  for await (const { frames } of readFrames(fs, journal, "done")) {
    for (const frame of frames) {
      const row = frame.kind === "done" ? index.findHash(frame.id) : undefined;
      // Of several answers of one row, the first counts.
      if (frame.kind === "done" && row !== undefined && !places.has(row)) places.set(row, frame);
    }
  }
  return places;
};
