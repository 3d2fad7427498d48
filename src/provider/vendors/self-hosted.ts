import type { Vendor } from "../vendor.ts";
import { asUsed } from "./hosted-vendor.ts";

/** A server of the user's own: it asks for no key, counts nothing, and all its models share one machine. */
const selfHosted = (name: string, port: number, quirks: Partial<Vendor> = {}): Vendor => ({
  name,
  baseURL: `http://localhost:${port}/v1`,
  keyVariables: [],
  keyRequired: false,
  quotaScope: "account",
  tokenCharge: asUsed,
  ...quirks,
});

/** Servers of the user's own, each at its usual port. */
export const selfHostedVendors: readonly Vendor[] = [
  selfHosted("ollama", 11434),
  selfHosted("vllm", 8000),
  selfHosted("sglang", 30000, { failedFinishReasons: { abort: "server" } }),
  selfHosted("llamacpp", 8080, { aliases: ["llama.cpp"], codes: { not_supported_error: "invalid_request" } }),
];
