import { CallError } from "../../call/call-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";

/** What is turned into vectors: a text, several, the tokens of one, or those of several. */
export type EmbeddingInput = string | readonly string[] | readonly number[] | readonly (readonly number[])[];

/** What may be said of a request for embeddings beside its input. */
export interface EmbeddingSettings {
  /** How long each vector shall be. @default the model's own length */
  readonly dimensions?: number;
  /** `base64` is a quarter of the size; not every provider knows it. @default the provider's: float */
  readonly encoding?: "float" | "base64";
  /** Any other fields of the body, as the provider names them; they win over the ones above. */
  readonly params?: JsonObject;
}

/** The body of a request for embeddings. */
export const encodeEmbeddings = (
  input: EmbeddingInput,
  model: string,
  { dimensions, encoding, params }: EmbeddingSettings = {},
): JsonObject => ({
  model,
  input,
  ...(dimensions !== undefined && { dimensions }),
  ...(encoding !== undefined && { encoding_format: encoding }),
  ...params,
});

/** The vectors of an answer in the order of its inputs, in whichever form they came. @throws CallError `malformed` */
export const embeddingVectors = (body: JsonObject): readonly (readonly number[])[] => {
  const data = Array.isArray(body["data"]) ? (body["data"] as readonly JsonValue[]) : [];
  const vectors: (readonly number[] | undefined)[] = Array.from({ length: data.length });
  for (const [place, item] of data.entries()) {
    const entry = isJsonObject(item) ? item : {};
    const { index = place, embedding } = entry;
    const vector = vectorOf(embedding);
    if (typeof index !== "number" || !(index in vectors) || vectors[index] !== undefined || vector === undefined) {
      throw new CallError("malformed", `The answer holds no vector at data[${place}], or one for an input of another`);
    }
    vectors[index] = vector;
  }
  return vectors.filter((vector) => vector !== undefined);
};

const vectorOf = (embedding: JsonValue | undefined): readonly number[] | undefined => {
  if (typeof embedding === "string") return floats(Buffer.from(embedding, "base64"));
  if (!Array.isArray(embedding)) return undefined;
  const values = embedding as readonly JsonValue[];
  return values.every((value): value is number => typeof value === "number") ? values : undefined;
};

/** Four bytes each, the lowest first, whatever the machine does. */
const floats = (bytes: Buffer): readonly number[] | undefined => {
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index));
};
