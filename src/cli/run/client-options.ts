import type { LLMOptions } from "../../client/llm-options.ts";
import type { ConfiguredOptions } from "../config/configured-options.ts";
import type { RunFlags } from "./run-flags.ts";

/** The client of a run: what the configuration says, and what only flags say. */
export const clientOptions = (configured: ConfiguredOptions, { maxTokens, hedge }: RunFlags): LLMOptions => ({
  ...configured,
  ...(maxTokens === "auto" ? { maxOutputTokens: "auto" } : {}),
  ...(hedge === true ? { hedge } : {}),
});
