import { type InputFingerprint, sameContent } from "./input-fingerprint.ts";
import type { FirstManifest, Manifest } from "./manifest.ts";
import type { Progress } from "./resume.ts";
import { rowsText } from "./settings-refusal.ts";

/** An input now, and what was known of it before. */
export interface InputComparison {
  readonly before: Manifest | FirstManifest | undefined;
  readonly rows: number;
  readonly progress: Pick<Progress, "done" | "strangers">;
  readonly fingerprints: readonly (InputFingerprint | null)[];
  readonly output: string;
}

/** What a user should know of an input that is not as it was; `undefined` when there is nothing. */
export const inputNews = ({ before, rows, progress, fingerprints, output }: InputComparison): string | undefined => {
  const { done, strangers } = progress;
  const known = before?.version === 2 ? before : undefined;
  const gone = strangers - (known?.strangers ?? 0);
  // Rows that are gone made room for others.
  const added = known === undefined ? 0 : rows - known.rows + gone;
  const has = known === undefined ? `${output} has answers of` : "the input has changed:";
  if (added > 0 || (gone > 0 && known !== undefined)) {
    return `${has} ${rowsText(Math.max(0, added), "row is", "rows are")} new, ${recordedText(gone)}`;
  }
  if (strangers > 0 && known === undefined) {
    return `${has} ${rowsText(strangers, "row that is", "rows that are")} not in the input; they stay`;
  }
  if (known === undefined || done.count === 0 || isSame(known, fingerprints)) return undefined;
  return "the input has changed, but not the ids of its rows: those that are answered keep their answers";
};

const recordedText = (gone: number): string =>
  `${rowsText(Math.max(0, gone), "recorded row is", "recorded rows are")} not in it any more (what is written stays)`;

const isSame = ({ input_fingerprints: before }: Manifest, now: InputComparison["fingerprints"]): boolean =>
  before.length === now.length && before.every((one, index) => sameContent(one, now[index] ?? null));
