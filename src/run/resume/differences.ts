import { createHash } from "node:crypto";
import { canonicalJson } from "../../call/canonical-json.ts";
import type { JsonObject, JsonValue } from "../../call/json.ts";
import { excerpt } from "../source/excerpt.ts";
import type { Asked } from "./asked.ts";
import type { FirstManifest } from "./manifest.ts";
import { textDifference } from "./text-difference.ts";

/** A setting that is not what it was. */
export interface Difference {
  /** What people call it. */
  readonly name: string;
  /** What it was and what it is. */
  readonly lines: readonly string[];
}

/** How what is asked now differs from what was asked before. */
export const differences = (before: Asked | FirstManifest, now: Asked): readonly Difference[] =>
  "version" in before && before.version === 1 ? fromFirst(before, now) : fromAsked(before as Asked, now);

const fromAsked = (before: Asked, now: Asked): readonly Difference[] => [
  ...changed("model", before.model, now.model),
  ...changed("--override-model", before.override_model, now.override_model),
  ...text("prompt", before.prompt, now.prompt),
  ...text("system message", before.system, now.system),
  ...params(before.params, now.params),
  ...changed("max tokens", before.max_tokens, now.max_tokens),
  ...changed("id column", before.id_column, now.id_column),
  // Another model's format is no news of its own.
  ...(before.model === now.model ? changed("format", before.dialect, now.dialect) : []),
  ...changed("operation", before.operation, now.operation),
];

const fromFirst = (before: FirstManifest, now: Asked): readonly Difference[] => {
  const bound = now.max_tokens === null ? {} : { maxOutputTokens: now.max_tokens };
  const hash = createHash("sha256")
    .update(JSON.stringify([now.prompt, now.system]))
    .digest("hex")
    .slice(0, 16);
  return [
    ...changed("model", before.model, now.model),
    ...(hash === before.prompt_hash ? [] : [{ name: "prompt", lines: ["the earlier one was not kept"] }]),
    ...params(before.params, { ...now.params, ...bound }),
  ];
};

const changed = (name: string, before: JsonValue, now: JsonValue): readonly Difference[] =>
  canonicalJson(before) === canonicalJson(now) ? [] : [{ name, lines: [`${shown(before)} → ${shown(now)}`] }];

const text = (name: string, before: string | null, now: string | null): readonly Difference[] =>
  before === now ? [] : [{ name, lines: textDifference(before, now) }];

const params = (before: JsonObject, now: JsonObject): readonly Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) =>
    changed(`parameter ${excerpt(key, 40)}`, own(before, key), own(now, key)),
  );

const own = (params: JsonObject, key: string): JsonValue => (Object.hasOwn(params, key) ? (params[key] ?? null) : null);

const shown = (value: JsonValue): string =>
  value === null || value === false
    ? "(none)"
    : typeof value === "string"
      ? excerpt(value, 60)
      : excerpt(canonicalJson(value), 60);
