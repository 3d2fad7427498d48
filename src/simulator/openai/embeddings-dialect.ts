import { seededRng } from "../../time/rng.ts";
import type { Completion, Dialect } from "../dialect.ts";
import { digestOf } from "../request-text.ts";
import { wholeBody } from "../token-stream.ts";
import { type EmbeddingInput, type EmbeddingsRequest, parseEmbeddingsRequest } from "./embeddings-request.ts";
import { openaiVendor } from "./openai-vendor.ts";

/** `POST /v1/embeddings`. */
export const embeddingsDialect: Dialect<EmbeddingsRequest> = {
  operation: "embeddings",
  vendor: openaiVendor,
  parse: parseEmbeddingsRequest,
  script: (completion) => wholeBody(completion, embeddingList(completion)),
};

const embeddingList = ({ request }: Completion<EmbeddingsRequest>): object => ({
  object: "list",
  data: request.inputs.map((input, index) => ({ object: "embedding", index, embedding: encoded(input, request) })),
  model: request.model,
  usage: { prompt_tokens: request.promptTokens, total_tokens: request.promptTokens },
});

const encoded = (input: EmbeddingInput, { dimensions, encoding }: EmbeddingsRequest): string | readonly number[] => {
  const vector = unitVector(input, dimensions);
  if (encoding === "float") return Array.from(vector, Math.fround);
  const bytes = Buffer.alloc(4 * dimensions);
  vector.forEach((value, place) => bytes.writeFloatLE(value, 4 * place));
  return bytes.toString("base64");
};

/** The same input has the same vector, whatever else is asked with it. */
const unitVector = (input: EmbeddingInput, dimensions: number): readonly number[] => {
  const rng = seededRng(Number.parseInt(digestOf(input).slice(0, 8), 16));
  const raw = Array.from({ length: dimensions }, () => rng() - 0.5);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
};
