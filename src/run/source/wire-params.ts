import type { Operation } from "../../call/call.ts";
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

/** What of them other formats know by the same name and in the same form. */
const namesElsewhere: Readonly<Partial<Record<Operation, ReadonlySet<string>>>> = {
  messages: new Set(["model", "service_tier", "stream", "thinking", "tool_choice", "tools", "top_k"]),
  responses: new Set([
    "model",
    "parallel_tool_calls",
    "service_tier",
    "stream",
    "tool_choice",
    "tools",
    "top_logprobs",
  ]),
  generate: new Set(["model", "stream", "tools"]),
};

/** Whether a field of a line belongs to the request itself in some format. */
export const isWireParam = (name: string): boolean => names.has(name);

/** The fields of a line that belong to the request itself; an empty one asks for nothing. */
export const wireParams = (columns: JsonObject, operation: Operation = "chat"): JsonObject => {
  const known = namesElsewhere[operation] ?? names;
  const params: Record<string, JsonValue> = {};
  for (const name in columns) {
    const value = known.has(name) ? columns[name] : undefined;
    if (value !== undefined && value !== null) params[name] = value;
  }
  return params;
};
