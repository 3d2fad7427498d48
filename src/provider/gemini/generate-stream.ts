import type { JsonObject, JsonValue } from "../../call/json.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import { field, objectsOf, textOf } from "../json-field.ts";
import type { StreamCollector } from "../wire-format.ts";
import { blockReason, outputTokens, partsText } from "./generate-answer.ts";
import { addPart, type Draft, mergeFields } from "./merge-parts.ts";

/** Folds the chunks of a streamed answer into the whole one. */
export const createGenerateCollector = (): StreamCollector => new GenerateCollector();

interface CandidateDraft {
  readonly parts: Draft[];
  readonly content: Draft;
  readonly rest: Draft;
}

class GenerateCollector implements StreamCollector {
  readonly #head: Draft = {};
  readonly #candidates = new Map<number, CandidateDraft>();
  length = 0;
  reportedOutputTokens: number | undefined;

  /** A finish reason for every candidate: there is no last event. */
  get complete(): boolean {
    for (const { rest } of this.#candidates.values()) if (textOf(rest["finishReason"]) === "") return false;
    return this.#candidates.size > 0 || blockReason(this.#head) !== "";
  }

  /** A chunk with nothing but the usage may follow the finish reason. */
  get finished(): boolean {
    return false;
  }

  addText(): boolean {
    return false;
  }

  add(event: JsonObject): StreamEvent {
    const { candidates, ...head } = event;
    mergeFields(this.#head, head);
    this.reportedOutputTokens = outputTokens(this.#head["usageMetadata"]) ?? this.reportedOutputTokens;
    let text = "";
    let content = false;
    for (const candidate of objectsOf(candidates)) {
      const index = typeof candidate["index"] === "number" ? candidate["index"] : 0;
      const parts = objectsOf(field(candidate["content"], "parts"));
      if (index === 0) text += partsText(parts);
      content = this.#addCandidate(index, candidate, parts) || content;
    }
    return { body: event, text, content };
  }

  body(): JsonObject {
    const candidates = [...this.#candidates].sort(([a], [b]) => a - b);
    return {
      ...this.#head,
      ...(candidates.length > 0 && { candidates: candidates.map(([, candidate]) => wholeCandidate(candidate)) }),
    };
  }

  /** Whether it holds any content. */
  #addCandidate(index: number, { content, ...rest }: JsonObject, parts: readonly JsonObject[]): boolean {
    const draft = this.#candidates.get(index) ?? { parts: [], content: {}, rest: {} };
    this.#candidates.set(index, draft);
    mergeFields(draft.rest, rest);
    const role: JsonValue | undefined = field(content, "role");
    if (role !== undefined) draft.content["role"] = role;
    let added = 0;
    for (const part of parts) added += addPart(draft.parts, part);
    this.length += added;
    return added > 0;
  }
}

const wholeCandidate = ({ parts, content, rest }: CandidateDraft): JsonObject => ({
  ...((parts.length > 0 || Object.keys(content).length > 0) && {
    content: { ...(parts.length > 0 && { parts }), ...content },
  }),
  ...rest,
});
