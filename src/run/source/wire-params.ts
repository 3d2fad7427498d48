import type { JsonObject, JsonValue } from "../../call/json.ts";

/**
 * Fields of a `{"prompt"}` or `{"messages"}` line that belong to the request; all others are columns.
 * `metadata`, `user` and `store` are missing on purpose: in data sets they are data, and the provider need not see them.
 */
const names: ReadonlySet<string> = new Set([
  "chat_template_kwargs",
  "enable_thinking",
  "frequency_penalty",
  "function_call",
  "functions",
  "logit_bias",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "min_p",
  "min_tokens",
  "modalities",
  "model",
  "n",
  "parallel_tool_calls",
  "presence_penalty",
  "reasoning_effort",
  "repetition_penalty",
  "response_format",
  "seed",
  "service_tier",
  "stop",
  "stop_token_ids",
  "stream",
  "stream_options",
  "temperature",
  "thinking",
  "thinking_budget",
  "tool_choice",
  "tools",
  "top_k",
  "top_logprobs",
  "top_p",
  "verbosity",
]);

/** The fields of a line that belong to the request itself; an empty one asks for nothing. */
export const wireParams = (columns: JsonObject): JsonObject => {
  const params: Record<string, JsonValue> = {};
  for (const name in columns) {
    const value = names.has(name) ? columns[name] : undefined;
    if (value !== undefined && value !== null) params[name] = value;
  }
  return params;
};
