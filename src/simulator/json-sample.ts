import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import type { Rng } from "../time/rng.ts";
import { clipText } from "./clip-text.ts";

/** A value that fits a JSON schema, or Gemini's dialect of one. Its texts come from `words`. */
export const jsonSample = (schema: JsonValue, words: () => string, rng: Rng): JsonValue =>
  sampleOf(schema, { root: schema, words, rng, depth: 0 });

interface Sampling {
  /** Where references point into. */
  readonly root: JsonValue;
  readonly words: () => string;
  readonly rng: Rng;
  readonly depth: number;
}

/** A schema that contains itself ends here: below, nothing is made that is not required. */
const maxDepth = 6;

/** Where a schema has no end at all, not even an invalid one is looked for. */
const deepest = 32;

const sampleOf = (schema: JsonValue | undefined, sampling: Sampling): JsonValue => {
  if (sampling.depth > deepest) return null;
  if (!isJsonObject(schema)) return sampling.words();
  const { const: constant, enum: choices, $ref, anyOf, oneOf, allOf } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(choices) && choices.length > 0) return picked(choices, sampling.rng);
  const inner = { ...sampling, depth: sampling.depth + 1 };
  if (typeof $ref === "string") return sampleOf(referred(sampling.root, $ref), inner);
  const options = anyOf ?? oneOf;
  if (Array.isArray(options) && options.length > 0) return sampleOf(branch(options, sampling), inner);
  if (Array.isArray(allOf)) return sampleOf(merged(schema, allOf, sampling.root), inner);
  return makers[typeOf(schema)](schema, inner);
};

/** Deep down the last branch is taken, which is where schemas say `null`. */
const branch = (options: readonly JsonValue[], { depth, rng }: Sampling): JsonValue | undefined =>
  depth < maxDepth ? picked(options, rng) : options.at(-1);

const picked = (values: readonly JsonValue[], rng: Rng): JsonValue => values[Math.floor(rng() * values.length)] ?? null;

const referred = (root: JsonValue, pointer: string): JsonValue | undefined => {
  let place: JsonValue | undefined = root;
  for (const step of pointer.split("/").slice(1)) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    place = isJsonObject(place) ? place[name] : undefined;
  }
  return place;
};

const merged = (schema: JsonObject, parts: readonly JsonValue[], root: JsonValue): JsonObject => {
  const { allOf: _merged, ...own } = schema;
  return parts.reduce<JsonObject>((all, part) => {
    const target = isJsonObject(part) && typeof part["$ref"] === "string" ? referred(root, part["$ref"]) : part;
    if (!isJsonObject(target)) return all;
    const properties = { ...objectOf(all["properties"]), ...objectOf(target["properties"]) };
    const required = [...listOf(all["required"]), ...listOf(target["required"])];
    return { ...all, ...target, properties, required };
  }, own);
};

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

type TypeName = "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";

/** Gemini writes types in capitals; a list of types means its first that is not `null`. */
const typeOf = (schema: JsonObject): TypeName => {
  const { type } = schema;
  const name = Array.isArray(type) ? (type.find((one: JsonValue) => one !== "null") ?? "null") : type;
  const known = typeof name === "string" ? name.toLowerCase() : "";
  if (isTypeName(known)) return known;
  if (schema["items"] !== undefined) return "array";
  return schema["properties"] === undefined && Object.keys(schema).length > 0 ? "string" : "object";
};

const isTypeName = (name: string): name is TypeName => Object.hasOwn(makers, name);

type Maker = (schema: JsonObject, sampling: Sampling) => JsonValue;

const objectSample: Maker = (schema, sampling) => {
  const required = listOf(schema["required"]);
  const sample: Record<string, JsonValue> = {};
  for (const [name, property] of Object.entries(objectOf(schema["properties"]))) {
    if (sampling.depth <= maxDepth || required.includes(name)) sample[name] = sampleOf(property, sampling);
  }
  return sample;
};

const arraySample: Maker = (schema, sampling) => {
  const prefix = listOf(schema["prefixItems"]).map((item) => sampleOf(item, sampling));
  if (prefix.length > 0) return prefix;
  const least = limitOf(schema["minItems"], sampling.depth > maxDepth ? 0 : 1);
  const most = Math.min(limitOf(schema["maxItems"], least + 2), least + 2);
  const length = sampling.depth > maxDepth ? least : between(least, most, sampling.rng);
  return Array.from({ length }, () => sampleOf(schema["items"] ?? { type: "string" }, sampling));
};

const stringSample: Maker = (schema, { words }) => {
  const { format } = schema;
  const known = typeof format === "string" ? formats[format] : undefined;
  if (known !== undefined) return known;
  const text = clipText(words(), limitOf(schema["maxLength"], Infinity));
  return text.padEnd(limitOf(schema["minLength"], 0), ".");
};

const formats: Readonly<Record<string, string>> = {
  "date-time": "2026-01-31T12:00:00Z",
  date: "2026-01-31",
  time: "12:00:00Z",
  duration: "PT15M",
  email: "keeper@example.com",
  uri: "https://example.com/lock",
  uuid: "7d444840-9dc0-11d1-b245-5ffdce74fad2",
  hostname: "lock.example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
};

const integerSample: Maker = (schema, { rng }) => {
  const step = limitOf(schema["multipleOf"], 1);
  const [least, most] = rangeOf(schema, step);
  return between(Math.ceil(least / step), Math.floor(most / step), rng) * step;
};

const numberSample: Maker = (schema, sampling) => {
  if (schema["multipleOf"] !== undefined) return integerSample(schema, sampling);
  const [least, most] = rangeOf(schema, 0);
  const exact = least + (most - least) * (0.25 + sampling.rng() / 2);
  const short = Math.round(exact * 100) / 100;
  return short > least && short < most ? short : exact;
};

/** An exclusive end is moved inwards by `step`. */
const rangeOf = (schema: JsonObject, step: number): readonly [number, number] => {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const least = typeof above === "number" ? above + step : limitOf(minimum, NaN);
  const most = typeof below === "number" ? below - step : limitOf(maximum, NaN);
  if (Number.isNaN(least)) return Number.isNaN(most) ? [0, 100] : [most - 100, most];
  return [least, Number.isNaN(most) ? least + 100 : most];
};

/** Gemini writes its limits as strings. */
const limitOf = (value: JsonValue | undefined, otherwise: number): number =>
  typeof value === "number" || (typeof value === "string" && value !== "") ? Number(value) : otherwise;

const between = (least: number, most: number, rng: Rng): number =>
  least + Math.floor(rng() * (Math.max(least, most) - least + 1));

const makers: Readonly<Record<TypeName, Maker>> = {
  object: objectSample,
  array: arraySample,
  string: stringSample,
  number: numberSample,
  integer: integerSample,
  boolean: (_schema, { rng }) => rng() < 0.5,
  null: () => null,
};
