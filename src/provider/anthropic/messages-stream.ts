import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import { countOf, field, itemsOf, textOf } from "../json-field.ts";
import { parsedJson } from "../parsed-json.ts";
import type { StreamCollector } from "../wire-format.ts";

/** Folds the events of a streamed message into the whole one. */
export const createMessagesCollector = (): StreamCollector => new MessagesCollector();

type Draft = Record<string, JsonValue | undefined>;

interface BlockDraft {
  readonly fields: Draft;
  /** The input of a tool, as far as it has come. */
  input: string;
}

/** What an event adds to the answer. */
interface Addition {
  readonly text: string;
  readonly content: boolean;
}

const nothing: Addition = { text: "", content: false };

class MessagesCollector implements StreamCollector {
  readonly #head: Draft = {};
  readonly #blocks = new Map<number, BlockDraft>();
  readonly #usage: Draft = {};
  #started = false;
  #stopped = false;
  length = 0;
  reportedOutputTokens: number | undefined;

  get complete(): boolean {
    return this.#started && this.#stopped;
  }

  get finished(): boolean {
    return this.complete;
  }

  addText(): boolean {
    return false;
  }

  add(event: JsonObject): StreamEvent {
    const { text, content } = this.#take(event);
    return { body: event, text, content };
  }

  body(): JsonObject {
    const blocks = [...this.#blocks].sort(([a], [b]) => a - b);
    return {
      ...this.#head,
      content: blocks.map(([, block]) => wholeBlock(block)),
      ...(Object.keys(this.#usage).length > 0 && { usage: this.#usage }),
    };
  }

  /** Events of other types are to be ignored, says Anthropic: there will be new ones. */
  #take(event: JsonObject): Addition {
    switch (textOf(event["type"])) {
      case "message_start":
        return this.#start(event["message"]);
      case "content_block_start":
        return this.#open(event["index"], event["content_block"]);
      case "content_block_delta":
        return this.#extend(event["index"], event["delta"]);
      case "message_delta":
        return this.#change(event);
      case "message_stop":
        this.#stopped = true;
        return nothing;
      default:
        return nothing;
    }
  }

  #start(message: JsonValue | undefined): Addition {
    if (!isJsonObject(message)) return nothing;
    const { usage, content: _, ...head } = message;
    this.#started = true;
    Object.assign(this.#head, head);
    this.#takeUsage(usage);
    return nothing;
  }

  #open(index: JsonValue | undefined, block: JsonValue | undefined): Addition {
    if (!isJsonObject(block)) return nothing;
    this.#blocks.set(typeof index === "number" ? index : this.#blocks.size, { fields: { ...block }, input: "" });
    const { type, text, thinking } = block;
    if (type === "thinking") return this.#added("", textOf(thinking));
    if (type === "text") return this.#added(textOf(text), textOf(text));
    return this.#added("", JSON.stringify(block));
  }

  #extend(index: JsonValue | undefined, delta: JsonValue | undefined): Addition {
    const block = this.#blocks.get(typeof index === "number" ? index : this.#blocks.size - 1);
    if (block === undefined) return nothing;
    const { fields } = block;
    switch (textOf(field(delta, "type"))) {
      case "text_delta": {
        const text = append(fields, "text", delta);
        return this.#added(text, text);
      }
      case "thinking_delta":
        return this.#added("", append(fields, "thinking", delta));
      case "signature_delta":
        fields["signature"] = textOf(field(delta, "signature"));
        return this.#added("", fields["signature"]);
      case "input_json_delta": {
        const piece = textOf(field(delta, "partial_json"));
        block.input += piece;
        return this.#added("", piece);
      }
      case "citations_delta": {
        const citation = field(delta, "citation") ?? null;
        fields["citations"] = [...itemsOf(fields["citations"]), citation];
        return this.#added("", JSON.stringify(citation));
      }
      default:
        return nothing;
    }
  }

  /** What it says of usage is the sum so far; what does not apply may be left out. */
  #change(event: JsonObject): Addition {
    const { type: _, delta, usage, ...rest } = event;
    overwrite(this.#head, rest);
    if (isJsonObject(delta)) overwrite(this.#head, delta);
    this.#takeUsage(usage);
    return nothing;
  }

  #takeUsage(usage: JsonValue | undefined): void {
    if (!isJsonObject(usage)) return;
    overwrite(this.#usage, usage);
    this.reportedOutputTokens = countOf(this.#usage["output_tokens"]) ?? this.reportedOutputTokens;
  }

  #added(text: string, piece: string): Addition {
    this.length += piece.length;
    return { text, content: piece !== "" };
  }
}

const append = (fields: Draft, name: string, delta: JsonValue | undefined): string => {
  const piece = textOf(field(delta, name));
  fields[name] = textOf(fields[name]) + piece;
  return piece;
};

/** A null says nothing about what was said before. */
const overwrite = (draft: Draft, fields: JsonObject): void => {
  for (const name in fields) if (fields[name] !== null || !(name in draft)) draft[name] = fields[name];
};

/** An input that is no JSON, because the bound on the output has cut it, stays as it was written. */
const wholeBlock = ({ fields, input }: BlockDraft): JsonObject =>
  input === "" ? fields : { ...fields, input: parsedJson(input) ?? input };
