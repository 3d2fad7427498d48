import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Asked, Inquiry, WantedTool } from "../dialect.ts";
import { type ErrorAnswer, jsonAnswer } from "../failure.ts";
import { contentText, digestOf, fieldOf, isCount, objectsOf, parsedObject, roughTokens } from "../request-text.ts";
import { wantedTool } from "../wanted-tool.ts";
import { invalidArgument } from "./gemini-errors.ts";

/** What the simulator heeds of a request to generate content. */
export interface GenerateRequest extends Asked {
  /** Whether a stream comes as events; otherwise it is one JSON list. */
  readonly asEvents: boolean;
}

/** Reads a request body, or says what the vendor says about it. */
export const parseGenerateRequest = (inquiry: Inquiry): GenerateRequest | ErrorAnswer => {
  const body = parsedObject(inquiry.body);
  if (body === undefined) return notJson;
  const complaint = complaintAbout(body);
  if (complaint !== undefined) return invalidArgument(complaint);
  const contents = objectsOf(body["contents"]);
  const config = body["generationConfig"] ?? body["generation_config"];
  const maxTokens = fieldOf(config, "maxOutputTokens");
  const choices = fieldOf(config, "candidateCount") ?? 1;
  if (maxTokens !== undefined && !isCount(maxTokens)) return badNumber("max_output_tokens");
  if (!isCount(choices, 8)) return badNumber("candidate_count");
  return {
    model: inquiry.model ?? "",
    maxTokens,
    choices,
    streamed: inquiry.streamed === true,
    asEvents: new URLSearchParams(inquiry.search).get("alt") === "sse",
    wantsJson: fieldOf(config, "responseMimeType") === "application/json",
    schema: fieldOf(config, "responseJsonSchema") ?? fieldOf(config, "responseSchema"),
    tool: forcedTool(body),
    prompt: contentText(contents.findLast(({ role }) => role !== "model")?.["parts"]),
    promptTokens: countPrompt(body),
    digest: digestOf(contents),
  };
};

/** Counts the tokens of a prompt, which may be wrapped in the request that would be sent. */
export const countContentTokens = ({ body: text }: Inquiry): ErrorAnswer => {
  const body = parsedObject(text);
  if (body === undefined) return notJson;
  const wrapped = body["generateContentRequest"];
  const prompt = isJsonObject(wrapped) ? wrapped : body;
  if (prompt["contents"] === undefined) return invalidArgument(noContents);
  const totalTokens = countPrompt(prompt);
  return jsonAnswer(200, { totalTokens, promptTokensDetails: [{ modality: "TEXT", tokenCount: totalTokens }] });
};

const notJson = invalidArgument("Invalid JSON payload received. Unexpected token.");

const noContents = "* GenerateContentRequest.contents: contents is not specified\n";

const badNumber = (name: string): ErrorAnswer =>
  invalidArgument(`* GenerateContentRequest.generation_config.${name}: must be a positive integer\n`);

/** The model stands in the path, as does the wish for a stream; neither is known here. */
const complaintAbout = (body: JsonObject): string | undefined => {
  const unknown = Object.keys(body).find((name) => !knownFields.has(name));
  if (unknown !== undefined) return `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`;
  const { contents } = body;
  return Array.isArray(contents) && contents.length > 0 ? undefined : noContents;
};

const knownFields: ReadonlySet<string> = new Set(
  `contents tools labels store systemInstruction system_instruction generationConfig generation_config
  toolConfig tool_config safetySettings safety_settings cachedContent cached_content serviceTier service_tier`.split(
    /\s+/,
  ),
);

const countPrompt = (body: JsonObject): number => {
  const system = body["systemInstruction"] ?? body["system_instruction"];
  return objectsOf(body["contents"]).reduce(
    (sum, { parts }) => sum + 1 + roughTokens(contentText(parts)),
    roughTokens(contentText(fieldOf(system, "parts"))),
  );
};

const forcedTool = (body: JsonObject): WantedTool | undefined => {
  const choice = fieldOf(body["toolConfig"] ?? body["tool_config"], "functionCallingConfig");
  if (fieldOf(choice, "mode") !== "ANY") return undefined;
  const allowed: JsonValue | undefined = fieldOf(choice, "allowedFunctionNames");
  const known = objectsOf(body["tools"])
    .flatMap(({ functionDeclarations }) => objectsOf(functionDeclarations))
    .map(({ name, parameters, parametersJsonSchema }) => ({ name, schema: parametersJsonSchema ?? parameters }));
  return wantedTool(known, Array.isArray(allowed) ? allowed[0] : undefined);
};
