import type { IncomingHttpHeaders } from "node:http";
import { anthropicVendor } from "./anthropic/anthropic-vendor.ts";
import type { Vendor } from "./dialect.ts";
import { type ErrorAnswer, jsonAnswer } from "./failure.ts";
import { geminiVendor } from "./gemini/gemini-vendor.ts";
import { azureVendor } from "./openai/azure-vendor.ts";
import { openaiVendor } from "./openai/openai-vendor.ts";

/** The models that are there, in the shape of one vendor. */
export interface ModelList {
  readonly vendor: Vendor;
  readonly answer: ErrorAnswer;
}

/** The list at an address; undefined where there is none. Anthropic and OpenAI share one, but only Anthropic has a version. */
export const modelList = (path: string, headers: IncomingHttpHeaders): ModelList | undefined => {
  if (path === "/v1/models" && headers["anthropic-version"] !== undefined) return anthropicModels;
  if (path === "/v1/models") return openaiModels;
  if (path === "/openai/v1/models") return { ...openaiModels, vendor: azureVendor };
  return path === "/v1beta/models" ? geminiModels : undefined;
};

const names = ["simulated", "simulated-mini"] as const;

const openaiModels: ModelList = {
  vendor: openaiVendor,
  answer: jsonAnswer(200, {
    object: "list",
    data: names.map((id) => ({ id, object: "model", created: 1_700_000_000, owned_by: "simulator" })),
  }),
};

const anthropicModels: ModelList = {
  vendor: anthropicVendor,
  answer: jsonAnswer(200, {
    data: names.map((id) => ({ type: "model", id, display_name: id, created_at: "2023-11-14T22:13:20Z" })),
    has_more: false,
    first_id: names[0],
    last_id: names.at(-1),
  }),
};

const geminiModels: ModelList = {
  vendor: geminiVendor,
  answer: jsonAnswer(200, {
    models: names.map((name) => ({
      name: `models/${name}`,
      version: "001",
      displayName: name,
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ["generateContent", "countTokens"],
    })),
  }),
};
