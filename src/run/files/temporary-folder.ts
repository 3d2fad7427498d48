import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwritable } from "../run-error.ts";

/** Gives a folder that is there only for what is done with it. @throws RunError which says what was to be kept there */
export const inTemporaryFolder = async <T>(kept: string, work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-")).catch((error: unknown) => {
    throw unwritable(tmpdir(), error, `${kept} kept there while the run lasts; set TMPDIR, or use -o`);
  });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
