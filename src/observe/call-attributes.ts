import type { Call, Operation } from "../call/call.ts";
import { isJsonObject, type JsonObject } from "../call/json.ts";
import type { Reply, Usage } from "../call/reply.ts";
import type { TelemetryAttributes } from "./open-telemetry-api.ts";
import { replyFacts } from "./reply-facts.ts";

/** The conventions' word for each operation. */
export const operationNames: Readonly<Record<Operation, string>> = {
  chat: "chat",
  responses: "chat",
  messages: "chat",
  generate: "generate_content",
  embeddings: "embeddings",
};

/** The conventions' word for a provider; one that they do not know keeps its name. */
export const providerName = (provider: string, vendor: string = provider): string =>
  registered.get(provider) ?? registered.get(vendor) ?? provider;

const registered: ReadonlyMap<string, string> = new Map([
  ["openai", "openai"],
  ["anthropic", "anthropic"],
  ["azure", "azure.ai.openai"],
  ["gemini", "gcp.gemini"],
  ["google", "gcp.gemini"],
  ["vertex", "gcp.vertex_ai"],
  ["bedrock", "aws.bedrock"],
  ["deepseek", "deepseek"],
  ["groq", "groq"],
  ["mistral", "mistral_ai"],
  ["moonshot", "moonshot_ai"],
  ["xai", "x_ai"],
  ["perplexity", "perplexity"],
  ["cohere", "cohere"],
  ["watsonx", "ibm.watsonx.ai"],
]);

/** What a request asks for, in whichever format, but for what it says: no prompt, no tool, no stop sequence. */
export const requestAttributes = ({ body }: Call): TelemetryAttributes => {
  const settings = isJsonObject(body["generationConfig"]) ? body["generationConfig"] : {};
  const number = (...fields: readonly string[]): number | undefined =>
    firstNumber(body, fields) ?? firstNumber(settings, fields);
  const choices = number("n", "candidateCount");
  return present({
    "gen_ai.request.max_tokens": number("max_completion_tokens", "max_tokens", "max_output_tokens", "maxOutputTokens"),
    "gen_ai.request.temperature": number("temperature"),
    "gen_ai.request.top_p": number("top_p", "topP"),
    "gen_ai.request.top_k": number("top_k", "topK"),
    "gen_ai.request.seed": number("seed", "random_seed"),
    "gen_ai.request.frequency_penalty": number("frequency_penalty", "frequencyPenalty"),
    "gen_ai.request.presence_penalty": number("presence_penalty", "presencePenalty"),
    "gen_ai.request.choice.count": choices === 1 ? undefined : choices,
    "gen_ai.request.reasoning.level": effortOf(body),
    "gen_ai.request.stream": body["stream"] === true ? true : undefined,
  });
};

const firstNumber = (body: JsonObject, fields: readonly string[]): number | undefined =>
  fields.map((field) => body[field]).find((value) => typeof value === "number");

const effortOf = ({ reasoning, reasoning_effort: level }: JsonObject): string | undefined => {
  const effort = isJsonObject(reasoning) ? reasoning["effort"] : level;
  return typeof effort === "string" ? effort : undefined;
};

/** What a reply says of itself and of its tokens. */
export const replyAttributes = (reply: Reply): TelemetryAttributes => {
  const { model, id, finishReasons } = replyFacts(reply);
  const usage: Partial<CountedUsage> = reply.usage ?? {};
  return present({
    "sluice.reused": reply.reused,
    "gen_ai.response.model": model,
    "gen_ai.response.id": id,
    "gen_ai.response.finish_reasons": finishReasons.length === 0 ? undefined : [...finishReasons],
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cachedTokens,
    "gen_ai.usage.cache_write.input_tokens": usage.cacheWriteTokens,
    "gen_ai.usage.reasoning.output_tokens": usage.reasoningTokens,
  });
};

/** Some providers count what they wrote to their cache, too. */
interface CountedUsage extends Usage {
  readonly cacheWriteTokens?: number;
}

/** Those attributes of which something is known. */
export const present = (attributes: PartlyKnown): TelemetryAttributes => {
  const known: TelemetryAttributes = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) known[name] = value;
  return known;
};

type PartlyKnown = Readonly<Record<string, TelemetryAttributes[string] | undefined>>;
