import type { RunSetting } from "../run-setting.ts";
import { askedBy } from "./asked.ts";
import { type Difference, differences } from "./differences.ts";
import { inputFingerprint, type InputFingerprint } from "./input-fingerprint.ts";
import { inputNews } from "./input-news.ts";
import { type FirstManifest, type Manifest, readManifest } from "./manifest.ts";
import type { Progress } from "./resume.ts";
import { rowsText, settingsRefusal } from "./settings-refusal.ts";

/** Where a run's settings are kept, and what they are about. */
export interface SettingsPlace {
  readonly manifest: string;
  /** The files of the input; of the standard input, where it was spooled. */
  readonly inputs: readonly string[];
  /** The rows of the input. */
  readonly rows: number;
}

/** How a run's settings compare with those of the runs before it. */
export interface CheckedSettings {
  /** What was remembered before. */
  readonly before: Manifest | FirstManifest | undefined;
  readonly differences: readonly Difference[];
  readonly fingerprints: readonly (InputFingerprint | null)[];
}

/**
 * Compares what is asked now with what the recorded rows were asked, and tells the user of an input that has changed.
 *
 * @throws RunError when they differ and nobody has accepted that: nothing was sent
 */
export const checkSettings = async (
  setting: RunSetting,
  place: SettingsPlace,
  progress: Progress,
): Promise<CheckedSettings> => {
  const { options, control, fs } = setting;
  const before = await readManifest(fs, place.manifest);
  const recorded = progress.done.count + progress.strangers;
  const found = before === undefined || recorded === 0 ? [] : differences(before, askedBy(options));
  const isRetry = options.retryOf !== undefined;
  // What a retry asks differently, it does on purpose; its rows are known by the ids that they have.
  if (found.length > 0 && !isRetry) {
    if (options.acceptConfigChange !== true) throw settingsRefusal(setting, found, recorded);
    const names = found.map(({ name }) => name).join(", ");
    control.warn(`changed: ${names}; ${rowsText(recorded, "row keeps its", "rows keep their")} earlier answers`);
  }
  const fingerprints = await Promise.all(place.inputs.map(async (path) => (await inputFingerprint(fs, path)) ?? null));
  if (!isRetry && options.limit === undefined) {
    const news = inputNews({ before, rows: place.rows, progress, fingerprints, output: setting.output });
    if (news !== undefined) control.warn(news);
  }
  return { before, differences: found, fingerprints };
};
