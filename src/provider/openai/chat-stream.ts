import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import type { StreamCollector } from "../wire-format.ts";
import { contentText, reportedUsage } from "./chat-codec.ts";
import { type Draft, mergeDelta } from "./merge-delta.ts";

/** Folds the chunks of a streamed chat completion into the whole one. */
export const createChatCollector = (): StreamCollector => new ChatCollector();

interface ChoiceDraft {
  readonly message: Draft;
  readonly rest: Draft;
  finishReason: string | undefined;
}

/** Padding, and what is built from the choices. */
const dropped: ReadonlySet<string> = new Set(["choices", "object", "usage", "obfuscation"]);

class ChatCollector implements StreamCollector {
  readonly #head: Draft = {};
  readonly #choices = new Map<number, ChoiceDraft>();
  #usage: JsonObject | undefined;
  #done = false;
  length = 0;
  reportedOutputTokens: number | undefined;

  get complete(): boolean {
    if (this.#done) return true;
    for (const choice of this.#choices.values()) if (choice.finishReason === undefined) return false;
    return this.#choices.size > 0;
  }

  get finished(): boolean {
    return this.#done;
  }

  addText(data: string): boolean {
    if (data.trim() !== "[DONE]") return false;
    this.#done = true;
    return true;
  }

  add(event: JsonObject): StreamEvent {
    for (const name in event) {
      const value = event[name];
      if (value !== null && !dropped.has(name)) this.#head[name] = value;
    }
    this.#takeUsage(reportedUsage(event));
    const choices = event["choices"];
    let text = "";
    let content = false;
    if (Array.isArray(choices)) {
      for (const choice of choices as readonly JsonValue[]) {
        if (!isJsonObject(choice)) continue;
        const index = typeof choice["index"] === "number" ? choice["index"] : 0;
        const delta = this.#addChoice(index, choice);
        if (delta === undefined) continue;
        if (index === 0) text += contentText(delta["content"]);
        content ||= hasContent(delta);
      }
    }
    return { body: event, text, content };
  }

  body(): JsonObject {
    const choices = [...this.#choices].sort(([a], [b]) => a - b);
    return {
      ...this.#head,
      object: "chat.completion",
      choices: choices.map(([index, choice]) => wholeChoice(index, choice)),
      ...(this.#usage !== undefined && { usage: this.#usage }),
    };
  }

  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    this.#usage = usage;
    const output = usage["completion_tokens"];
    if (typeof output === "number") this.reportedOutputTokens = output;
  }

  #addChoice(index: number, choice: JsonObject): JsonObject | undefined {
    let draft = this.#choices.get(index);
    if (draft === undefined) {
      draft = { message: {}, rest: {}, finishReason: undefined };
      this.#choices.set(index, draft);
    }
    const { delta, message, finish_reason: reason, index: _, usage: __, ...rest } = choice;
    if (typeof reason === "string" && reason !== "") draft.finishReason = reason;
    this.length += mergeDelta(draft.rest, withoutStrings(draft.rest, rest));
    const piece = isJsonObject(delta) ? delta : isJsonObject(message) ? message : undefined;
    if (piece !== undefined) this.length += mergeDelta(draft.message, piece);
    return piece;
  }
}

/** A choice's own strings (`native_finish_reason`, `stop_reason`) are repeated, not continued. */
const withoutStrings = (draft: Draft, rest: JsonObject): JsonObject => {
  let others = rest;
  for (const name in rest) {
    const value = rest[name];
    if (typeof value !== "string") continue;
    draft[name] = value;
    others = { ...others, [name]: undefined };
  }
  return others;
};

const wholeChoice = (index: number, { message, rest, finishReason }: ChoiceDraft): JsonObject => {
  const { role, content, ...fields } = message;
  const silent = content === undefined || content === "";
  const elsewhere = fields["tool_calls"] ?? fields["function_call"] ?? fields["refusal"];
  return {
    index,
    message: {
      role: role ?? "assistant",
      content: silent && elsewhere !== undefined && elsewhere !== "" ? null : (content ?? ""),
      ...withoutIndexes(fields),
    },
    ...rest,
    finish_reason: finishReason ?? null,
  };
};

/** In a whole message the tool calls stand in order and carry no index. */
const withoutIndexes = (fields: Draft): Draft => {
  const calls = fields["tool_calls"];
  if (!Array.isArray(calls)) return fields;
  return {
    ...fields,
    tool_calls: (calls as readonly JsonValue[]).map((call) => {
      if (!isJsonObject(call)) return call;
      const { index: _, ...whole } = call;
      return whole;
    }),
  };
};

const hasContent = (delta: JsonObject): boolean => {
  for (const name in delta) {
    if (name === "role") continue;
    const value = delta[name];
    if (typeof value === "string" ? value !== "" : Array.isArray(value) ? value.length > 0 : isJsonObject(value)) {
      return true;
    }
  }
  return false;
};
