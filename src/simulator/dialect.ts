import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation } from "../call/call.ts";
import type { JsonValue } from "../call/json.ts";
import type { Answer } from "./answer.ts";
import type { ErrorAnswer, Failure } from "./failure.ts";
import type { Latency } from "./latency.ts";
import type { StatedQuota } from "./read-quotas.ts";
import type { Script } from "./script.ts";

/** A function that has to be called, and what its arguments look like. */
export interface WantedTool {
  readonly name: string;
  readonly schema: JsonValue;
}

/** What the simulator heeds of a request in any format. */
export interface Asked {
  readonly model: string;
  readonly streamed: boolean;
  readonly maxTokens: number | undefined;
  /** How many answers are wanted. */
  readonly choices: number;
  /** The text of the last user message. */
  readonly prompt: string;
  readonly promptTokens: number;
  /** The messages' SHA-1, 12 hexadecimal digits: the same messages have the same digest. */
  readonly digest: string;
  readonly wantsJson: boolean;
  /** The JSON schema that the answer has to fit. @default any JSON object, where JSON is wanted */
  readonly schema?: JsonValue | undefined;
  /** Where no text will do, but a call of this. */
  readonly tool?: WantedTool | undefined;
}

/** One request, with its body read. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Undefined when it was too large. */
  readonly body: string | undefined;
  /** What stands behind the `?` of the address. */
  readonly search: string;
  /** The model, where the path names it. */
  readonly model?: string;
  /** Whether a stream is wanted, where the path says so. */
  readonly streamed?: boolean;
}

/** What a request is read from. */
export interface Inquiry extends Omit<Visit, "body" | "response"> {
  readonly body: string;
  readonly requestId: string;
}

/** One completion, as either door delivers it. */
export interface Completion<Request extends Asked = Asked> {
  /** A name for it that no other completion of this simulator has. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly request: Request;
  readonly answers: readonly Answer[];
  readonly latency: Latency;
}

/** What all the formats of one vendor have in common. */
export interface Vendor {
  /** The key that a request carries. */
  key(visit: Pick<Visit, "request" | "search">): string | undefined;
  error(failure: Failure, requestId: string): ErrorAnswer;
  /** What the headers say of the quotas. */
  quotaHeaders(quotas: readonly StatedQuota[], wallNow: number): Readonly<Record<string, string>>;
  /** What every answer carries. */
  replyHeaders(requestId: string, elapsedMs: number): Readonly<Record<string, string>>;
  /** An error in the middle of a stream, behind so many tokens. */
  errorFrame(body: string, tokens: number): string;
  /** How the lines of its streams end. */
  readonly framing: "lf" | "crlf";
}

/** How one wire format asks and is answered. */
export interface Dialect<Request extends Asked = Asked> {
  readonly operation: Operation;
  readonly vendor: Vendor;
  /** Reads a request, or says what the vendor says about it. */
  parse(inquiry: Inquiry): Request | ErrorAnswer;
  /** Delivers the answer, whole or as a stream. */
  readonly script: (completion: Completion<Request>) => Script;
}
