import { createHash } from "node:crypto";
import { isJsonObject } from "../../call/json.ts";
import { readWhole, replaceFile } from "../files/durable-file.ts";
import type { Fs } from "../files/fs.ts";
import type { RunFileOptions } from "../run-options.ts";
import { inputText } from "../source/input-files.ts";

/** What a run folder says about the run that wrote it. */
export interface Manifest {
  readonly version: 1;
  readonly input: string;
  readonly output: string;
  readonly model: string | null;
  /** Of the prompt and system templates; a template may be private, its change is not. */
  readonly prompt_hash: string;
  readonly params: unknown;
  readonly started_at: string;
  readonly pid: number;
}

/** What is to be remembered of a run. */
export const manifestOf = (options: RunFileOptions, output: string, wallNow: number, pid: number): Manifest => ({
  version: 1,
  input: inputText(options.input),
  output,
  model: options.model ?? null,
  prompt_hash: createHash("sha256")
    .update(JSON.stringify([options.prompt ?? null, options.system ?? null]))
    .digest("hex")
    .slice(0, 16),
  params: { ...options.params, ...(options.maxOutputTokens && { maxOutputTokens: options.maxOutputTokens }) },
  started_at: new Date(wallNow).toISOString(),
  pid,
});

/** Writes the manifest, and says which settings differ from those of the run before. */
export const writeManifest = async (fs: Fs, path: string, manifest: Manifest): Promise<string[]> => {
  const before = await readBefore(fs, path);
  await replaceFile(fs, path, [`${JSON.stringify(manifest, undefined, 2)}\n`]);
  if (before === undefined) return [];
  const differs = (key: "model" | "prompt_hash" | "params"): boolean =>
    JSON.stringify(before[key]) !== JSON.stringify(manifest[key]);
  return [
    ...(differs("model") ? ["model"] : []),
    ...(differs("prompt_hash") ? ["prompt"] : []),
    ...(differs("params") ? ["parameters"] : []),
  ];
};

const readBefore = async (fs: Fs, path: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    const value: unknown = JSON.parse((await readWhole(fs, path)) ?? "");
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Without a readable manifest there is nothing to compare; the output itself says what is done.
    return undefined;
  }
};
