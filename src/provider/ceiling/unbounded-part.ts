import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";

/** The part of a request whose cost its text does not tell, such as an image, by the name of its field or type; absent where there is none. */
export const unboundedPart = (body: JsonObject): string | undefined => {
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === false) continue;
    // A `prompt` that is an object names instructions that stand at the provider.
    if (charged.has(name) || (name === "prompt" && isJsonObject(value))) return name;
    const usual = usualValues[name];
    if (usual !== undefined && !usual.includes(JSON.stringify(value))) return `${name}: ${JSON.stringify(value)}`;
    const part = name === "tools" ? foreignTool(value) : talk.has(name) ? strangePart(value) : undefined;
    if (part !== undefined) return part;
  }
  return undefined;
};

/** Fields that bring in more input, call what is charged apart, or let another model answer. */
const charged: ReadonlySet<string> = new Set([
  "previous_response_id",
  "conversation",
  "cachedContent",
  "cached_content",
  "prediction",
  "audio",
  "web_search_options",
  "web_search",
  "enable_search",
  "search_parameters",
  "mcp_servers",
  "container",
  "plugins",
  "data_sources",
  "documents",
  "models",
]);

/** Fields that raise the price unless they have one of these values. */
const usualValues: Readonly<Record<string, readonly string[]>> = {
  service_tier: ['"auto"', '"default"', '"flex"', '"standard"', '"standard_only"'],
  serviceTier: ['"auto"', '"default"', '"flex"', '"standard"'],
  speed: ['"standard"'],
  inference_geo: ['"global"'],
  modalities: ['["text"]'],
};

const talk: ReadonlySet<string> = new Set([
  "messages",
  "contents",
  "input",
  "system",
  "systemInstruction",
  "system_instruction",
  "instructions",
]);

/** Tools that the provider carries out itself are charged for. */
const foreignTool = (tools: JsonValue | undefined): string | undefined => {
  for (const tool of Array.isArray(tools) ? (tools as readonly JsonValue[]) : [tools]) {
    if (!isJsonObject(tool)) continue;
    const { type } = tool;
    if (typeof type === "string" && type !== "function" && type !== "custom") return `the tool ${type}`;
    const strange = type === undefined ? Object.keys(tool).find((name) => !ownToolFields.has(name)) : undefined;
    if (strange !== undefined) return `the tool ${strange}`;
  }
  return undefined;
};

const ownToolFields: ReadonlySet<string> = new Set([
  "functionDeclarations",
  "function_declarations",
  "function",
  "name",
  "description",
  "input_schema",
  "parameters",
  "strict",
  "cache_control",
]);

const strangePart = (value: JsonValue | undefined): string | undefined => {
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      const part = strangePart(item);
      if (part !== undefined) return part;
    }
    return undefined;
  }
  return isJsonObject(value) ? strangeField(value) : undefined;
};

const strangeField = (part: JsonObject): string | undefined => {
  const { type } = part;
  if (typeof type === "string" && !textTypes.has(type)) return type;
  for (const [name, field] of Object.entries(part)) {
    if (!textFields.has(name) && field !== null && typeof field === "object") return name;
    if (name === "cache_control" && isJsonObject(field) && field["ttl"] === "1h") return "cache_control for an hour";
    const inner = heldFields.has(name) ? strangePart(field) : undefined;
    if (inner !== undefined) return inner;
  }
  return typeof part["file_id"] === "string" ? "file_id" : undefined;
};

const textTypes: ReadonlySet<string> = new Set([
  "text",
  "input_text",
  "output_text",
  "refusal",
  "message",
  "tool_use",
  "tool_result",
  "function",
  "function_call",
  "function_call_output",
  "custom",
  "custom_tool_call",
  "custom_tool_call_output",
  "reasoning",
  "reasoning_text",
  "summary_text",
  "thinking",
  "redacted_thinking",
]);

/** Fields that may hold parts. */
const heldFields: ReadonlySet<string> = new Set(["content", "parts", "output", "summary"]);

/** Fields whose structure is written out as text. */
const textFields: ReadonlySet<string> = new Set([
  ...heldFields,
  "tool_calls",
  "function_call",
  "functionCall",
  "functionResponse",
  "function",
  "input",
  "arguments",
  "annotations",
  "cache_control",
  "reasoning_details",
]);
