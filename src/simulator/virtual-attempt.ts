import { CallError, type CallErrorDetails, cancellation } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { JsonObject, JsonValue } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import type { Timer } from "../time/clock.ts";
import { onAbort } from "../time/on-abort.ts";
import type { Refusal } from "./admission.ts";
import type { Ticked } from "./output-ticker.ts";
import type { StatedQuota } from "./read-quotas.ts";
import type { VirtualEnding } from "./virtual-ledger.ts";
import type { Burden, VirtualServer } from "./virtual-server.ts";

/** Who waits for the end of an attempt. */
export interface AttemptEnd {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: CallError) => void;
}

/** One call on its way to the server, through it and back. */
export class VirtualAttempt implements Ticked {
  readonly #server: VirtualServer;
  readonly #context: Context;
  readonly #end: AttemptEnd;
  readonly #burden: Burden;
  readonly #streamed: boolean;
  readonly #stopFollowing: () => void;
  #phase: "outbound" | "thinking" | "writing" | "inbound" = "outbound";
  #timer: Timer;
  #headTimer: Timer | undefined;
  #headAt = 0;
  #tickerSlot: number | undefined;
  #reading: readonly StatedQuota[] | undefined;
  #error: CallError | undefined;
  #fails = false;
  /** In the server's own time. */
  #firstAt = 0;
  #lastAt = 0;
  #produced = 0;

  constructor(server: VirtualServer, call: Call, context: Context, end: AttemptEnd) {
    this.#server = server;
    this.#context = context;
    this.#end = end;
    this.#burden = burdenOf(call);
    this.#streamed = call.body["stream"] === true;
    this.#stopFollowing = onAbort(context.signal, this.#abort);
    this.#timer = server.clock.schedule(server.clock.now() + server.networkMs(), this.#next);
  }

  /** Some time has passed: charges and reports what has been produced in it. */
  tick(now: number): void {
    if (this.#phase !== "writing") return;
    const before = this.#produced;
    this.#produce(now, this.#progress());
    if (this.#produced === before) return;
    if (this.#server.settings.reportOutput) this.#context.onOutput?.(this.#produced);
    if (this.#streamed && this.#headTimer === undefined) this.#context.onProgress?.("content");
  }

  readonly #next = (): void => {
    switch (this.#phase) {
      case "outbound":
        return this.#arrive(this.#server.clock.now());
      case "thinking":
        return this.#firstToken(this.#server.clock.now());
      case "writing":
        return this.#lastToken(this.#server.clock.now());
      case "inbound":
        return this.#deliver();
    }
  };

  #arrive(now: number): void {
    const { ledger } = this.#server;
    ledger.arrive();
    if (this.#server.isDown(now)) {
      ledger.turnAway();
      return this.#sendBack(now, unavailable());
    }
    const refused = this.#server.admit(now, this.#burden);
    this.#reading = this.#server.reading(now);
    if (refused !== undefined) return this.#sendBack(now, throttled(refused, this.#server.settings.hints));
    this.#serve();
  }

  #serve(): void {
    const { service, ticker, chargesOutput, settings } = this.#server;
    const { firstMs, totalMs, fails } = this.#server.draw(this.#burden);
    this.#fails = fails;
    this.#firstAt = service.now() + firstMs;
    this.#lastAt = service.now() + totalMs;
    const reports = settings.reportOutput && this.#context.onOutput !== undefined;
    const shows = this.#streamed && this.#context.onProgress !== undefined;
    // Only who has something to tell on the way stops at the first token.
    const stops = fails || this.#streamed || chargesOutput || reports;
    this.#phase = stops ? "thinking" : "writing";
    this.#timer = service.schedule(stops ? this.#firstAt : this.#lastAt, this.#next);
    if (!fails && (chargesOutput || reports || shows)) this.#tickerSlot = ticker.add(this);
  }

  #firstToken(now: number): void {
    if (this.#fails) {
      this.#leave(now, "failed");
      return this.#sendBack(now, serverFault());
    }
    if (this.#streamed) {
      this.#headAt = now + this.#server.networkMs();
      this.#headTimer = this.#server.clock.schedule(this.#headAt, this.#head);
    }
    this.#phase = "writing";
    this.#timer = this.#server.service.schedule(this.#lastAt, this.#next);
  }

  readonly #head = (): void => {
    this.#headTimer = undefined;
    this.#tellReading();
    this.#context.onProgress?.("head");
    this.#context.onProgress?.("content");
  };

  #lastToken(now: number): void {
    this.#produce(now, this.#burden.outputTokens);
    this.#leave(now, "completed");
    this.#sendBack(now, undefined);
  }

  /** Nothing overtakes the head of its own answer. */
  #sendBack(now: number, error: CallError | undefined): void {
    this.#phase = "inbound";
    this.#error = error;
    this.#timer = this.#server.clock.schedule(Math.max(this.#headAt, now + this.#server.networkMs()), this.#next);
  }

  #deliver(): void {
    this.#stopFollowing();
    this.#tellReading();
    if (this.#error !== undefined) return this.#end.reject(this.#error);
    if (!this.#streamed) this.#context.onProgress?.("head");
    this.#context.onProgress?.(this.#streamed ? "content" : "body");
    this.#end.resolve(replyTo(this.#burden));
  }

  #tellReading(): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    this.#reading = undefined;
    this.#context.onReading?.(reading);
  }

  readonly #abort = (): void => {
    this.#stopFollowing();
    this.#timer[Symbol.dispose]();
    this.#headTimer?.[Symbol.dispose]();
    if (this.#phase === "thinking" || this.#phase === "writing") {
      const now = this.#server.clock.now();
      this.#produce(now, this.#progress());
      this.#leave(now, "aborted");
    }
    this.#end.reject(cancellation(this.#context.signal.reason));
  };

  #leave(now: number, ending: VirtualEnding): void {
    if (this.#tickerSlot !== undefined) this.#server.ticker.remove(this.#tickerSlot);
    this.#tickerSlot = undefined;
    this.#server.end(now, ending, this.#burden.inputTokens, this.#produced);
  }

  /** How many tokens should have been produced by now. */
  #progress(): number {
    const { outputTokens } = this.#burden;
    const sinceFirst = this.#server.service.now() - this.#firstAt;
    if (sinceFirst < 0) return 0;
    const share = this.#lastAt > this.#firstAt ? sinceFirst / (this.#lastAt - this.#firstAt) : 1;
    return Math.min(outputTokens, Math.floor(outputTokens * share));
  }

  #produce(now: number, tokens: number): void {
    if (tokens <= this.#produced) return;
    this.#server.produce(now, tokens - this.#produced);
    this.#produced = tokens;
  }
}

const burdenOf = ({ body, demand }: Call): Burden => {
  const bound = numberAt(body["max_completion_tokens"]) ?? numberAt(body["max_tokens"]);
  const output = numberAt(body["output"]) ?? demand.outputTokens;
  const outputTokens = Math.min(output, bound ?? Infinity);
  return {
    inputTokens: numberAt(body["input"]) ?? demand.inputTokens,
    outputTokens,
    outputBound: bound ?? output,
    isCut: outputTokens < output,
  };
};

const numberAt = (value: JsonValue | undefined): number | undefined => (typeof value === "number" ? value : undefined);

const replyTo = ({ inputTokens, outputTokens, isCut }: Burden): Reply => ({
  status: 200,
  body: isCut ? cutBody : wholeBody,
  usage: { inputTokens, outputTokens, cachedTokens: 0, reasoningTokens: 0 },
  deployment,
});

const deployment = "virtual";
const bodyWith = (reason: string): JsonObject => ({ choices: [{ index: 0, finish_reason: reason }] });
const wholeBody = bodyWith("stop");
const cutBody = bodyWith("length");

const throttled = ({ reason, limit, used, requested, waitMs }: Refusal, hints: boolean): CallError => {
  const details: CallErrorDetails = {
    status: 429,
    provider: deployment,
    exceeded: reason === "requests" || reason === "concurrency" ? reason : "tokens",
    ...(reason === "concurrency" ? {} : { quota: { limit, requested, ...unitOf(reason) } }),
    ...(waitMs === undefined || !hints ? {} : { retryAfterMs: Math.max(1, Math.ceil(waitMs)) }),
  };
  const message = `Refused for ${reason}: limit ${limit}, used ${used}, requested ${requested}`;
  return new CallError(reason === "too-large" ? "too_large" : "throttled", message, details);
};

const unitOf = (reason: Refusal["reason"]): { readonly unit?: "input" | "output" } => {
  if (reason === "input") return { unit: "input" };
  return reason === "output" ? { unit: "output" } : {};
};

const unavailable = (): CallError =>
  new CallError("overloaded", "The virtual provider is down", { status: 503, provider: deployment });

const serverFault = (): CallError =>
  new CallError("server", "The virtual provider had an error", { status: 500, provider: deployment });
