import type { Vendor } from "../vendor.ts";
import { asUsed, hosted } from "./hosted-vendor.ts";

/** Vendors with one address and few quirks. */
export const hostedVendors: readonly Vendor[] = [
  hosted("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", {
    seedField: "random_seed",
    refusesStreamOptions: true,
    codes: { service_tier_capacity_exceeded: "overloaded" },
  }),
  hosted("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", {
    dailyRequestHeaders: true,
    statuses: { 498: "overloaded" },
  }),
  hosted("xai", "https://api.x.ai/v1", "XAI_API_KEY", { aliases: ["grok"], tokenCharge: asUsed }),
  hosted("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", {
    quotaScope: "account",
    tokenCharge: asUsed,
    paymentMayWait: true,
    failedFinishReasons: { error: "server" },
  }),
  // What is answered with a 403 there is a prompt that is too long.
  hosted("together", "https://api.together.xyz/v1", "TOGETHER_API_KEY", { statuses: { 403: "context_length" } }),
  // A 412 there is an account that is suspended for its bills.
  hosted("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY", {
    tokenCharge: asUsed,
    statuses: { 412: "quota_exhausted" },
  }),
  hosted("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", {
    tokenCharge: { output: "bound" },
    codes: { queue_exceeded: "overloaded" },
  }),
  hosted("deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY", {
    paths: { messages: "/anthropic/v1/messages" },
    tokenCharge: asUsed,
    structured: "json_object",
    failedFinishReasons: { insufficient_system_resource: "overloaded" },
  }),
];
