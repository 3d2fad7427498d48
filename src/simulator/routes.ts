import { anthropicVendor } from "./anthropic/anthropic-vendor.ts";
import { messagesDialect } from "./anthropic/messages-dialect.ts";
import { countMessageTokens } from "./anthropic/messages-request.ts";
import { answerCount, type Counting } from "./count-endpoint.ts";
import type { Asked, Dialect, Visit } from "./dialect.ts";
import { answerVisit, type House } from "./endpoint.ts";
import { geminiVendor } from "./gemini/gemini-vendor.ts";
import { generateDialect } from "./gemini/generate-dialect.ts";
import { countContentTokens } from "./gemini/generate-request.ts";
import { azureDialect } from "./openai/azure-vendor.ts";
import { chatDialect } from "./openai/chat-dialect.ts";
import { embeddingsDialect } from "./openai/embeddings-dialect.ts";
import { openaiVendor } from "./openai/openai-vendor.ts";
import { responsesDialect } from "./openai/responses-dialect.ts";
import { countInputTokens } from "./openai/responses-request.ts";

/** Answers what comes to one path. */
type Serve = (house: House, visit: Visit) => void;

/** Where a request goes, and what its path says about it. */
export interface Route extends Pick<Visit, "model" | "streamed"> {
  readonly serve: Serve;
}

/** Who answers a POST to a path; undefined where nobody does. */
export const routeOf = (path: string, search: string): Route | undefined => {
  const serve = fixed.get(path);
  return serve === undefined ? (geminiRoute(path) ?? azureRoute(path, search)) : { serve };
};

const speaking =
  <Request extends Asked>(dialect: Dialect<Request>): Serve =>
  (house, visit) =>
    answerVisit(house, dialect, visit);

const counting =
  (how: Counting): Serve =>
  (house, visit) =>
    answerCount(house, how, visit);

const countInput = counting({ vendor: openaiVendor, count: countInputTokens });

const fixed: ReadonlyMap<string, Serve> = new Map([
  ["/v1/chat/completions", speaking(chatDialect)],
  ["/v1/embeddings", speaking(embeddingsDialect)],
  ["/v1/responses", speaking(responsesDialect)],
  ["/v1/responses/input_tokens", countInput],
  ["/v1/messages", speaking(messagesDialect)],
  ["/v1/messages/count_tokens", counting({ vendor: anthropicVendor, count: countMessageTokens })],
]);

/** What Azure knows under each of its roots. */
const deployed: ReadonlyMap<string, Serve> = new Map([
  ["/chat/completions", speaking(azureDialect(chatDialect))],
  ["/embeddings", speaking(azureDialect(embeddingsDialect))],
]);
const named: ReadonlyMap<string, Serve> = new Map([
  ...deployed,
  ["/responses", speaking(azureDialect(responsesDialect))],
  ["/responses/input_tokens", countInput],
]);

const generate = speaking(generateDialect);
const countContent = counting({ vendor: geminiVendor, count: countContentTokens });

const geminiVerbs: ReadonlyMap<string | undefined, Omit<Route, "model">> = new Map([
  ["generateContent", { serve: generate }],
  ["streamGenerateContent", { serve: generate, streamed: true }],
  ["countTokens", { serve: countContent }],
]);

const geminiRoute = (path: string): Route | undefined => {
  const [, name, verb] = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(\w+)$/.exec(path) ?? [];
  const found = geminiVerbs.get(verb);
  return name === undefined || found === undefined ? undefined : { ...found, model: decodedName(name) };
};

/** A name that is badly escaped is taken as it stands. */
const decodedName = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

/** The older paths of Azure name the model, and are known only with a version. */
const azureRoute = (path: string, search: string): Route | undefined => {
  const [, deployment, rest = ""] = /^\/openai\/(?:v1|deployments\/([^/]+))(\/.+)$/.exec(path) ?? [];
  const serve = (deployment === undefined ? named : deployed).get(rest);
  if (serve === undefined) return undefined;
  if (deployment === undefined) return { serve };
  return new URLSearchParams(search).has("api-version") ? { serve, model: decodedName(deployment) } : undefined;
};
