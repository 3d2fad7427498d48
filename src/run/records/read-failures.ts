import type { Fs } from "../files/fs.ts";
import type { Line } from "../source/lines.ts";
import { notRecord, readRecordLines } from "./record-file.ts";
import { type FailureIdentity, readFailure } from "./record-line.ts";

/** Which errors file is read. */
export interface FailuresOptions {
  readonly fs: Fs;
  readonly path: string;
  readonly signal?: AbortSignal;
  /** Whether a run is known to have written it. @default false */
  readonly isOurs?: boolean;
  /** Told how many lines a crash has left that say nothing. */
  readonly onDamaged?: (lines: number) => void;
}

/**
 * Reads an errors file; a missing one has no failures. What a crash has left of a line says nothing: its row has no
 * outcome then, and is sent again.
 *
 * @throws RunError for a line that is somebody else's
 */
export const readFailures = async (
  { fs, path, signal, isOurs = false, onDamaged = () => {} }: FailuresOptions,
  visit: (failure: FailureIdentity, line: Line) => void,
): Promise<void> => {
  if ((await fs.stat(path)) === undefined) return;
  let damaged = 0;
  for await (const lines of readRecordLines(fs, path, signal)) {
    for (const line of lines) {
      const failure = readFailure(line);
      if (typeof failure === "object") visit(failure, line);
      else if (line.isBlank) continue;
      else if (failure === "damaged" || (isOurs && isRubbish(line))) damaged += 1;
      else throw notRecord(failure, path, line);
    }
  }
  if (damaged > 0) onDamaged(damaged);
};

/** What a crash leaves may be JSON by chance: a digit between two newlines, for one. */
const isRubbish = ({ text }: Line): boolean => !text.startsWith("{");
