import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { textBytes } from "./text-bytes.ts";

/**
 * More input tokens than this no provider can count for a request of nothing but text, structure and tools.
 *
 * Why: all tokenizers in use cut a text into pieces of at least one byte each. Byte-level BPE merges bytes, SentencePiece
 * merges characters and falls back to bytes, WordPiece merges characters; so a text never has more tokens than UTF-8
 * bytes. What templates put around it is allowed for generously: marks around each message and part, white space and
 * punctuation around each field of a tool or a schema, and the instructions that providers add once, which are the longest
 * where there are tools (below 800 tokens at Anthropic).
 */
export const inputCeiling = (body: JsonObject): number => {
  let tokens = onceAdded;
  for (const [name, value] of Object.entries(body)) {
    const isStructure = structures.has(name);
    if (isStructure && value !== null) tokens += addedForStructure;
    tokens += ceilingOf(value, isStructure ? perStructureField : perField);
  }
  return tokens;
};

const structures: ReadonlySet<string> = new Set([
  "tools",
  "functions",
  "response_format",
  "text",
  "output_config",
  "output_format",
  "toolConfig",
  "generationConfig",
  "generation_config",
]);

/** Marks of a chat, and the system message that a template writes where there is none. */
const onceAdded = 256;
const addedForStructure = 1024;
const perField = 8;
const perStructureField = 40;

const ceilingOf = (value: JsonValue | undefined, perNode: number): number => {
  if (typeof value === "string") return perNode + textBytes(value);
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).reduce<number>((sum, item) => sum + ceilingOf(item, perNode), perNode);
  if (isJsonObject(value)) {
    let tokens = perNode;
    for (const [name, field] of Object.entries(value)) tokens += textBytes(name) + ceilingOf(field, perNode);
    return tokens;
  }
  // A number may be a token already, as in embeddings, or be written out.
  return value === undefined ? 0 : JSON.stringify(value).length;
};
