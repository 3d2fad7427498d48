import type { ChatInput } from "../call/chat-input.ts";
import type { JsonObject, JsonValue } from "../call/json.ts";
import { field, objectsOf, textOf } from "./json-field.ts";
import { parsedJson } from "./parsed-json.ts";

/** What a message says: a text, or parts, in OpenAI's words or in the format's own. */
export type MessageContent = string | readonly JsonValue[];

/** A conversation taken apart, for the formats that arrange it otherwise than OpenAI does. */
export interface Conversation {
  /** What the system and the developer say, from wherever it stands. */
  readonly system: readonly MessageContent[];
  readonly turns: readonly Turn[];
}

/** A message, or the results of tools that were called together. */
export type Turn = Said | { readonly results: readonly ToolResult[] };

/** A message of the user or the model. */
interface Said {
  readonly role: string;
  readonly content: MessageContent;
  readonly calls: readonly AskedCall[];
  /** As it was given. */
  readonly message: JsonObject;
}

/** A call of a tool in what the model said before. */
export interface AskedCall {
  readonly id: string;
  readonly name: string;
  /** What the model wrote, where it is no JSON. */
  readonly arguments: JsonValue;
  /** Google's, which wants it back. */
  readonly thoughtSignature: string;
}

/** What a tool gave back. */
export interface ToolResult {
  readonly id: string;
  /** The tool's; empty when it is not known. */
  readonly name: string;
  readonly content: MessageContent;
}

/** Takes a conversation apart; results that stand together become one turn. */
export const conversationOf = ({ system, messages = [], prompt }: ChatInput): Conversation => {
  const sayings: MessageContent[] = system === undefined ? [] : [system];
  const turns: Turn[] = [];
  const names = new Map<string, string>();
  let results: ToolResult[] | undefined;
  for (const message of messages as readonly JsonObject[]) {
    const role = textOf(message["role"]);
    const content = contentOf(message["content"]);
    if (role === "system" || role === "developer") sayings.push(content);
    else if (role !== "tool") {
      const calls = callsOf(message);
      for (const { id, name } of calls) names.set(id, name);
      turns.push({ role, content, calls, message });
      results = undefined;
    } else {
      if (results === undefined) turns.push({ results: (results = []) });
      const id = textOf(message["tool_call_id"]);
      results.push({ id, name: textOf(message["name"]) || (names.get(id) ?? ""), content });
    }
  }
  if (prompt !== undefined) turns.push({ role: "user", content: prompt, calls: [], message: {} });
  return { system: sayings, turns };
};

const contentOf = (content: JsonValue | undefined): MessageContent =>
  Array.isArray(content) ? (content as readonly JsonValue[]) : textOf(content);

const callsOf = (message: JsonObject): readonly AskedCall[] =>
  objectsOf(message["tool_calls"]).map((call) => {
    const written = field(call["function"], "arguments");
    return {
      id: textOf(call["id"]),
      name: textOf(field(call["function"], "name")),
      arguments: typeof written === "string" ? (parsedJson(written) ?? written) : (written ?? {}),
      thoughtSignature: textOf(field(field(call["extra_content"], "google"), "thought_signature")),
    };
  });
