import type { LLMOptions } from "../../client/llm-options.ts";
import type { RunFlags } from "./run-flags.ts";
import type { Settled } from "./settled.ts";

/** The client of a run: what the configuration says, and what only flags say. */
export const clientOptions = (configured: Settled["configured"], { maxTokens, hedge }: RunFlags): LLMOptions => ({
  ...configured,
  ...(maxTokens === "auto" ? { maxOutputTokens: "auto" } : {}),
  ...(hedge === true ? { hedge } : {}),
});
