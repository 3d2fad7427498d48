import type { JsonObject } from "../call/json.ts";
import type { Usage } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import type { Vendor } from "./vendor.ts";

/** How one family of providers speaks: everything that the exchange of one call needs to know of it. */
export interface WireFormat {
  /** Goes after the base URL. */
  readonly path: string;
  /** The body as it is sent. */
  outgoing(body: JsonObject, vendor: Vendor): JsonObject;
  /** Whether a body is a whole answer. */
  isAnswer(body: JsonObject): boolean;
  text(body: JsonObject): string;
  finishReason(body: JsonObject): string | undefined;
  usage(body: JsonObject): Usage | undefined;
  createCollector(): StreamCollector;
}

/** Folds the events of a stream into the body that would have come without streaming. */
export interface StreamCollector {
  /** Takes in an event and says what it adds. */
  add(event: JsonObject): StreamEvent;
  /** Takes in an event that is not JSON; false when it means nothing here. */
  addText(data: string): boolean;
  /** Whether the stream ended as its protocol says; more may still come. */
  readonly complete: boolean;
  /** Whether nothing more can come. */
  readonly finished: boolean;
  /** Characters collected so far. */
  readonly length: number;
  /** Output tokens as the provider last reported them; `undefined` as long as it has not. */
  readonly reportedOutputTokens: number | undefined;
  body(): JsonObject;
}
