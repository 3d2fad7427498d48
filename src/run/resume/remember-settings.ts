import { resolve } from "node:path";
import { canonicalJson } from "../../call/canonical-json.ts";
import { version } from "../../provider/version.ts";
import { thisProcess } from "../files/lock-owner.ts";
import { unwritable } from "../run-error.ts";
import type { RunSetting } from "../run-setting.ts";
import { askedBy, askedIn, nothingAsked } from "./asked.ts";
import type { CheckedSettings, SettingsPlace } from "./check-settings.ts";
import { type EarlierSettings, type FirstManifest, type Manifest, readingBy, writeManifest } from "./manifest.ts";
import { maskedWords } from "./masked-words.ts";
import type { Progress } from "./resume.ts";

/** Keeps the settings of a run for the next one, and for `retry`. @throws RunError when they cannot be written */
export const rememberSettings = async (
  setting: RunSetting,
  place: SettingsPlace,
  progress: Progress,
  checked: CheckedSettings,
): Promise<void> => {
  const { before } = checked;
  const isRetry = setting.options.retryOf !== undefined;
  // Of a run whose settings nobody knows, a retry knows only its own.
  if (isRetry && before?.version !== 2) return;
  const manifest =
    isRetry && before?.version === 2
      ? afterRetry(setting, before, checked)
      : afterStart(setting, place, progress, checked);
  try {
    await writeManifest(setting.fs, place.manifest, manifest);
  } catch (error) {
    throw unwritable(place.manifest, error, "the run folder must be writable");
  }
};

const afterStart = (
  setting: RunSetting,
  { rows }: SettingsPlace,
  { strangers }: Progress,
  { before, differences, fingerprints }: CheckedSettings,
): Manifest => {
  const { options, output } = setting;
  const { words, folder } = options.command ?? {};
  const shown = words === undefined ? null : maskedWords(words);
  const asked = askedBy(options);
  const earlier = before?.version === 2 ? before : undefined;
  return {
    version: 2,
    sluice: version,
    inputs: inputsOf(options.input),
    input_fingerprints: fingerprints,
    output,
    ...asked,
    ...readingBy(options),
    words: shown,
    masked:
      (shown ?? []).some((word, index) => word !== words?.[index]) ||
      canonicalJson(asked.params) !== canonicalJson(options.params ?? {}),
    cwd: folder ?? resolve(),
    ...processOf(setting),
    rows,
    strangers,
    history: [
      ...(earlier?.history ?? []),
      ...(differences.length === 0 || before === undefined ? [] : [earlierOf(before)]),
    ].slice(-mostHistory),
  };
};

/** The run stays what it was; that some of its rows were asked otherwise is noted. */
const afterRetry = (setting: RunSetting, before: Manifest, { differences }: CheckedSettings): Manifest => {
  const now = processOf(setting);
  const note: EarlierSettings = { at: now.started_at, by: "retry", asked: askedBy(setting.options) };
  return {
    ...before,
    ...now,
    history: [...before.history, ...(differences.length === 0 ? [] : [note])].slice(-mostHistory),
  };
};

const mostHistory = 50;

const inputsOf = (input: string | readonly string[]): readonly string[] =>
  typeof input === "string" ? [input] : input;

const processOf = ({ options, startedAtWall }: RunSetting): Pick<Manifest, "started_at" | "pid"> => ({
  started_at: new Date(startedAtWall).toISOString(),
  pid: (options.owner ?? thisProcess()).pid,
});

/** Of the first version of the file, only the model is worth keeping. */
const earlierOf = (before: Manifest | FirstManifest): EarlierSettings => ({
  at: before.started_at,
  by: "run",
  asked: before.version === 2 ? askedIn(before) : { ...nothingAsked, model: before.model },
});
