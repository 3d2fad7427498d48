import { CallError } from "../../src/call/call-error.ts";
import type { Call, Demand } from "../../src/call/call.ts";
import type { Handler } from "../../src/call/handler.ts";
import type { Reply } from "../../src/call/reply.ts";
import type { Limits } from "../../src/limit/limits.ts";
import type { Clock } from "../../src/time/clock.ts";
import { type CountedStart, RollingCap } from "./rolling-cap.ts";
import { TraceHash } from "./trace-hash.ts";
import type { Violations } from "./violations.ts";

/** What is known of one call that is on its way. */
export interface WatchedCall {
  attempts: number;
  active: number;
  ended: boolean;
  /** No attempt may begin later. */
  readonly deadlineAt: number;
}

/** Stands where the provider would be called and sees every start; it remembers a minute and the calls on their way. */
export class AttemptWatch {
  readonly hash: TraceHash = new TraceHash();
  starts = 0;
  active = 0;
  throttled = 0;
  readonly calls: Map<string, WatchedCall> = new Map();
  readonly #caps = new Map<Rate, RollingCap>();
  readonly #clock: Clock;
  readonly #violations: Violations;
  #maxConcurrent = Infinity;

  constructor(clock: Clock, violations: Violations) {
    this.#clock = clock;
    this.#violations = violations;
  }

  /** From now on these hold; what is not named stays. */
  setLimits(limits: Limits): void {
    if (typeof limits.maxConcurrent === "number") this.#maxConcurrent = limits.maxConcurrent;
    for (const rate of rateNames) {
      const limit = limits[rate];
      if (limit === undefined) continue;
      const cap = this.#caps.get(rate);
      if (cap === undefined) this.#caps.set(rate, new RollingCap(limit));
      else cap.limit = limit;
    }
  }

  watched(next: Handler): Handler {
    return async (call, context) => {
      const counted = this.#begin(call);
      const { onOutput } = context;
      try {
        const reply = await next(call, {
          ...context,
          ...(onOutput === undefined
            ? {}
            : {
                onOutput: (tokens) => {
                  this.#produced(call, counted, tokens);
                  onOutput(tokens);
                },
              }),
        });
        this.#end(call, counted, reply);
        return reply;
      } catch (error) {
        this.#end(call, counted, error);
        throw error;
      }
    };
  }

  #begin({ id, demand }: Call): ReadonlyMap<Rate, CountedStart> {
    const now = this.#clock.now();
    this.starts += 1;
    this.active += 1;
    this.hash.add(now, Number(id));
    const story = (): string => `at ${now} ms attempt of call ${id}`;
    const call = this.calls.get(id);
    this.#violations.check(call !== undefined && !call.ended, "P6", () => `${story()} though the call has ended`);
    if (call !== undefined) {
      call.attempts += 1;
      call.active += 1;
      this.#violations.check(call.active === 1, "P6", () => `${story()} beside another of the same call`);
      this.#violations.check(now <= call.deadlineAt, "P13", () => `${story()} after its deadline ${call.deadlineAt}`);
    }
    this.#violations.check(this.active <= this.#maxConcurrent, "P1", () => `${story()}: ${this.active} at once`);
    return this.#count(now, demand, story);
  }

  #count(now: number, demand: Demand, story: () => string): ReadonlyMap<Rate, CountedStart> {
    const counted = new Map<Rate, CountedStart>();
    for (const [rate, cap] of this.#caps) {
      const amount = this.#amountOf(rate, demand);
      const { start, sum } = cap.start(now, amount);
      counted.set(rate, start);
      this.#violations.check(
        amount === 0 || sum <= cap.limit + 1e-6,
        "P1",
        () => `${story()}: ${sum} of ${rate} ${cap.limit} in a minute`,
      );
    }
    return counted;
  }

  #amountOf(rate: Rate, demand: Demand): number {
    const { inputTokens, outputTokens, outputIsGuess = false } = demand;
    const room = Math.min(this.#limitOf("tokensPerMinute") - inputTokens, this.#limitOf("outputTokensPerMinute"));
    const output = outputIsGuess ? Math.max(0, Math.min(outputTokens, room)) : outputTokens;
    return amountOf(rate, inputTokens, output);
  }

  #limitOf(rate: Rate): number {
    return this.#caps.get(rate)?.limit ?? Infinity;
  }

  #produced({ demand }: Call, counted: ReadonlyMap<Rate, CountedStart>, tokens: number): void {
    for (const [rate, start] of counted) {
      const amount = amountOf(rate, demand.inputTokens, tokens);
      if (amount > start.amount) this.#caps.get(rate)?.correct(this.#clock.now(), start, amount);
    }
  }

  /** What is known to have been used replaces what was reserved; what was refused used a request and no tokens. */
  #end({ id, demand }: Call, counted: ReadonlyMap<Rate, CountedStart>, ending: unknown): void {
    this.active -= 1;
    const call = this.calls.get(id);
    if (call !== undefined) call.active -= 1;
    const now = this.#clock.now();
    if (ending instanceof CallError) {
      if (ending.code === "throttled") this.throttled += 1;
      if (!(ending.status !== undefined && ending.status >= 400 && ending.status < 500)) return;
      for (const [rate, start] of counted) this.#caps.get(rate)?.correct(now, start, amountOf(rate, 0, 0));
    } else if (isReply(ending) && ending.usage !== undefined) {
      const { inputTokens, outputTokens } = ending.usage;
      const output = demand.outputIsKept === true ? Math.max(outputTokens, demand.outputTokens) : outputTokens;
      for (const [rate, start] of counted) {
        this.#caps.get(rate)?.correct(now, start, amountOf(rate, inputTokens, output));
      }
    }
  }
}

const rateNames = ["requestsPerMinute", "tokensPerMinute", "inputTokensPerMinute", "outputTokensPerMinute"] as const;

type Rate = (typeof rateNames)[number];

const amountOf = (rate: Rate, input: number, output: number): number => {
  if (rate === "requestsPerMinute") return 1;
  if (rate === "tokensPerMinute") return input + output;
  return rate === "inputTokensPerMinute" ? input : output;
};

const isReply = (ending: unknown): ending is Reply =>
  typeof ending === "object" && ending !== null && "usage" in ending;
