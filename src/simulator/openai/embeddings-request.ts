import type { JsonValue } from "../../call/json.ts";
import type { Asked, Inquiry } from "../dialect.ts";
import type { ErrorAnswer } from "../failure.ts";
import { digestOf, isCount, parsedObject, roughTokens } from "../request-text.ts";
import { badCount, badInput, missing, noModel, notJson } from "./request-errors.ts";

/** One text to embed, or the tokens of one. */
export type EmbeddingInput = string | readonly number[];

/** What the simulator heeds of a request for embeddings. */
export interface EmbeddingsRequest extends Asked {
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions: number;
  readonly encoding: "float" | "base64";
}

/** Reads a request body, or says what the vendor says about it. The path may name the model. */
export const parseEmbeddingsRequest = ({ body: text, model: deployment }: Inquiry): EmbeddingsRequest | ErrorAnswer => {
  const body = parsedObject(text);
  if (body === undefined) return notJson;
  const model = deployment ?? body["model"];
  if (typeof model !== "string" || model === "") return noModel;
  const { input, dimensions = defaultDimensions } = body;
  if (input === undefined) return missing("input");
  const inputs = inputsOf(input);
  if (inputs === undefined) return badInput;
  if (!isCount(dimensions, mostDimensions)) return badCount("dimensions", dimensions);
  const [first] = inputs;
  return {
    model,
    inputs,
    dimensions,
    encoding: body["encoding_format"] === "base64" ? "base64" : "float",
    streamed: false,
    maxTokens: undefined,
    choices: 0,
    wantsJson: false,
    prompt: typeof first === "string" ? first : "",
    promptTokens: inputs.reduce((sum, one) => sum + tokensOf(one), 0),
    digest: digestOf(input),
  };
};

const defaultDimensions = 64;
const mostDimensions = 8192;
const mostInputs = 2048;

const tokensOf = (input: EmbeddingInput): number => (typeof input === "string" ? roughTokens(input) : input.length);

/** A list of numbers is one input, a list of anything else is many. */
const inputsOf = (input: JsonValue): readonly EmbeddingInput[] | undefined => {
  const list: readonly JsonValue[] = Array.isArray(input) && !isTokens(input) ? input : [input];
  const inputs = list.filter((one) => isInput(one));
  return inputs.length === list.length && inputs.length > 0 && inputs.length <= mostInputs ? inputs : undefined;
};

const isInput = (value: JsonValue): value is EmbeddingInput =>
  typeof value === "string" ? value !== "" : isTokens(value);

const isTokens = (value: JsonValue): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((one: JsonValue) => Number.isInteger(one));
