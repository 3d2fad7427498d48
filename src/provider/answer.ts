import type { CallError } from "../call/call-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import { type AttemptFacts, attemptError } from "./attempt-facts.ts";
import { choiceError, holdsError } from "./error-body.ts";
import type { HttpHeaders } from "./http-contract.ts";
import { answered, providerError, requestIdOf } from "./provider-error.ts";
import type { WireFormat } from "./wire-format.ts";

/** The head of a response, and what may be made of what follows it. */
export class Answer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly #facts: AttemptFacts;
  readonly #format: WireFormat;

  constructor(facts: AttemptFacts, format: WireFormat, status: number, headers: HttpHeaders) {
    this.#facts = facts;
    this.#format = format;
    this.status = status;
    this.headers = headers;
  }

  get succeeded(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /**
   * Whether the body is as it was asked for: not compressed. Of an error the status says enough; a success is refused, for
   * a server that compresses one answer would compress, and charge, the next as well.
   */
  isReadable(): boolean {
    const encoding = this.headers["content-encoding"]?.trim().toLowerCase() ?? "";
    if (encoding === "" || encoding === "identity") return true;
    if (!this.succeeded) return false;
    const what = `a body compressed by ${JSON.stringify(encoding.slice(0, 40))}, though none was asked to be`;
    throw this.malformed(what).with({ retryable: false });
  }

  /** Whether a body under a success, or an event, is an error all the same. */
  failed(body: JsonObject): boolean {
    return holdsError(body) || this.#format.failure?.(body) !== undefined;
  }

  /** The reply that a whole body makes; throws when the server broke the answer off. */
  reply(body: JsonObject): Reply {
    const { vendor } = this.#facts;
    const reason = this.#format.finishReason(body);
    const code = reason === undefined ? undefined : vendor.failedFinishReasons?.[reason];
    if (code !== undefined) {
      throw attemptError(this.#facts, code, `${vendor.name} broke off the answer: ${reason}`, answered(this));
    }
    const usage = this.#format.usage(body);
    const requestId = requestIdOf(this.headers);
    return {
      status: this.status,
      body,
      deployment: this.#facts.deployment,
      ...(usage !== undefined && { usage }),
      ...(requestId !== undefined && { requestId }),
    };
  }

  /** The failure that the body reports, be it the answer's own or inside a 200. */
  error(text: string, body: JsonValue | undefined): CallError {
    const value = isJsonObject(body) ? (this.#format.failure?.(body) ?? choiceError(body) ?? body) : body;
    const { status, headers } = this;
    return providerError(
      this.#facts,
      value === undefined ? { status, headers, text } : { status, headers, text, value },
    );
  }

  /** The failure of a success that cannot be read. It may well have been paid. */
  malformed(what: string, cause?: unknown): CallError {
    const message = `${this.#facts.vendor.name} answered ${this.status} with ${what}`;
    return attemptError(this.#facts, "malformed", message, {
      ...answered(this),
      ...(cause !== undefined && { cause }),
    });
  }
}
