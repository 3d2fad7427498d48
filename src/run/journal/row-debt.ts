import type { Fs } from "../files/fs.ts";
import { idHash } from "../source/id-hash.ts";
import { readFrames } from "./frames-file.ts";

/** How many attempts at a row have left without an answer so far: under way, or lost, and possibly charged. */
export const rowDebt = async (fs: Fs, journal: string, id: string): Promise<number> => {
  const { high, low } = idHash(id);
  let attempts = 0;
  for await (const { frames } of readFrames(fs, journal)) {
    for (const frame of frames) {
      if (!("id" in frame) || frame.id.high !== high || frame.id.low !== low) continue;
      if (frame.kind === "sent") attempts += 1;
      else if (frame.kind === "unpaid") attempts = Math.max(0, attempts - 1);
      else attempts = frame.kind === "debt" ? frame.count : 0;
    }
  }
  return attempts;
};
