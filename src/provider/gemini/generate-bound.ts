import { isJsonObject, type JsonObject } from "../../call/json.ts";
import { countOf, field } from "../json-field.ts";

/** The bound on the output of a request, over all its candidates. */
export const generateOutputBound = (body: JsonObject): number | undefined => {
  const config = body[configName(body)];
  const bound = countOf(field(config, "maxOutputTokens")) ?? countOf(field(config, "max_output_tokens"));
  const candidates = countOf(field(config, "candidateCount")) ?? countOf(field(config, "candidate_count")) ?? 1;
  return bound === undefined ? undefined : bound * Math.max(1, candidates);
};

/** The request with that bound on the output of each candidate. */
export const withGenerateBound = (body: JsonObject, bound: number): JsonObject => {
  const name = configName(body);
  const config = body[name];
  const { max_output_tokens: _, ...rest } = isJsonObject(config) ? config : {};
  return { ...body, [name]: { ...rest, maxOutputTokens: bound } };
};

/** The API reads the names of its fields in both manners, but not both at once. */
const configName = (body: JsonObject): string =>
  body["generation_config"] === undefined ? "generationConfig" : "generation_config";
