import type { Demand } from "../../src/call/call.ts";
import type { Outcome, Permit } from "../../src/call/limiter.ts";
import type { Usage } from "../../src/call/reply.ts";
import type { LearnedLimits } from "../../src/limit/learned-limits.ts";
import type { Limits } from "../../src/limit/limits.ts";
import { QuotaLimiter } from "../../src/limit/quota-limiter.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { CountedClock } from "./counted-clock.ts";
import { settled } from "./drive.ts";

/** One call to the limiter alone. */
export interface CoreCall {
  readonly atMs: number;
  readonly tokens: number;
  readonly latencyMs: number;
  readonly tenant?: string;
  readonly priority?: number;
}

/** A call that was let in. */
export interface CoreGrant extends CoreCall {
  readonly sequence: number;
  readonly grantedAt: number;
}

/** The limiter alone on a clock, with calls that come and go as they are told. */
export class CoreWorld {
  readonly clock: VirtualClock = new VirtualClock();
  readonly counted: CountedClock = new CountedClock(this.clock);
  readonly limiter: QuotaLimiter;
  readonly grants: CoreGrant[] = [];
  /** What waits, by its place in line. */
  readonly waiting: Map<number, CoreCall> = new Map();
  /** Sees every start. */
  onGrant: (grant: CoreGrant) => void = () => undefined;
  /** How an attempt ends. */
  ending: (grant: CoreGrant) => Outcome = ({ tokens }) => ({ ok: true, usage: usageOf(tokens) });
  #sequence = 0;

  constructor(limits: Limits, learned: LearnedLimits = {}) {
    this.limiter = new QuotaLimiter({ clock: this.counted, limits, learned });
  }

  /** Lets the calls come at their times. */
  plan(calls: readonly CoreCall[]): void {
    for (const call of calls) this.clock.schedule(call.atMs, () => this.ask(call));
  }

  /** Gets in line now. */
  ask(call: CoreCall): void {
    const sequence = this.#sequence++;
    const { tenant, priority = 0 } = call;
    this.waiting.set(sequence, call);
    const flow = { priority, ...(tenant === undefined ? {} : { tenant }) };
    const request = { id: String(sequence), demand: demandOf(call.tokens), sequence, ...flow };
    this.limiter.admit(request).then(
      (permit) => this.#granted(permit, call, sequence),
      (error: unknown) => {
        this.waiting.delete(sequence);
        throw error;
      },
    );
  }

  /** Steps until a time; `afterEach` looks at the world whenever it has come to rest. */
  async run(untilMs: number, afterEach: () => void = () => undefined): Promise<void> {
    await settled();
    while (this.clock.step(untilMs)) {
      await settled();
      afterEach();
    }
    await this.clock.advance(untilMs - this.clock.now());
  }

  #granted(permit: Permit, call: CoreCall, sequence: number): void {
    const grant = { ...call, sequence, grantedAt: this.clock.now() };
    this.grants.push(grant);
    this.onGrant(grant);
    this.waiting.delete(sequence);
    this.clock.schedule(this.clock.now() + call.latencyMs, () => permit.settle(this.ending(grant)));
  }
}

/** All of it is input: what is reserved is what is used. */
export const demandOf = (tokens: number): Demand => ({ inputTokens: tokens, outputTokens: 0 });

/** What a provider reports. */
export const usageOf = (inputTokens: number): Usage => ({
  inputTokens,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
});
