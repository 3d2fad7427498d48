import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Clock, Timer } from "../time/clock.ts";
import type { ControllerSource } from "../time/controller-source.ts";
import { Registry } from "../time/registry.ts";
import { BreakerPass, type PassOwner } from "./breaker-pass.ts";
import type { BreakerState, CircuitBreaker, Entry, Verdict } from "./circuit-breaker.ts";
import { WaitingLine } from "./waiting-line.ts";

/** What a gate needs. */
export interface GateParts {
  /** The deployment, as it is called in errors. */
  readonly name: string;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly controllers: ControllerSource;
  readonly maxWaiting: number;
}

/** One breaker as it stands. */
export interface BreakerStats {
  readonly deployment: string;
  readonly state: BreakerState;
  /** How many calls wait for it. */
  readonly waiting: number;
  /** While it is open: in how many milliseconds it lets somebody in. */
  readonly retryAfterMs?: number;
}

/** Drives one deployment's breaker: keeps those who wait, calls back those who have not started, owns the one timer. */
export class BreakerGate implements PassOwner {
  readonly #parts: GateParts;
  readonly #line: WaitingLine<BreakerPass>;
  /** Let in, but still in our own queues: when the breaker opens they are called back. */
  readonly #unstarted = new Registry<BreakerPass>();
  #inside = 0;
  #timer: Timer | undefined;
  #armedFor = Infinity;
  #recalledIn = -1;
  #lastFailure: unknown;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#line = new WaitingLine(parts.maxWaiting);
  }

  /** Lets the attempt pass, has it wait, or refuses it with `overloaded`: while it is open, one call alone has nobody to wait for. */
  enter(call: Call, context: Context): BreakerPass | Promise<BreakerPass> {
    const { clock, breaker } = this.#parts;
    const now = clock.now();
    const entry = breaker.enter(now);
    if (entry !== undefined) return this.#admit(entry, context);
    const { ofMany = false, elsewhere = false, deadlineAt = Infinity } = context;
    const tooLate = !breaker.recovering && breaker.retryAt(now) >= deadlineAt;
    // Once it comes back its turn is near, and a call alone waits for it too.
    if (elsewhere || tooLate || !(ofMany || breaker.recovering))
      throw this.#refusal(now, call, ofMany).with({ tooLate });
    const pass = this.#line.join(context, this.#rearm);
    this.#rearm();
    return pass;
  }

  /** When it may let somebody in; -Infinity when it would now, for `now` is later whenever somebody looks. */
  get opensAt(): number {
    const now = this.#parts.clock.now();
    const at = this.#parts.breaker.retryAt(now);
    return at > now ? at : -Infinity;
  }

  /** Whether nobody is inside or waits. */
  get idle(): boolean {
    return this.#inside === 0 && this.#line.size === 0;
  }

  get stats(): BreakerStats {
    const { name, breaker, clock } = this.#parts;
    const now = clock.now();
    const known = { deployment: name, state: breaker.state(now), waiting: this.#line.size };
    return { ...known, ...this.#retryAfter(now) };
  }

  /** Keeps the failure for the refusals to come. */
  failed(error: unknown): void {
    this.#lastFailure = error;
  }

  started(pass: BreakerPass): void {
    this.#forget(pass);
    this.#parts.breaker.started(this.#parts.clock.now(), pass.entry);
  }

  alive(pass: BreakerPass): void {
    const { breaker, clock } = this.#parts;
    if (!breaker.recovering || pass.entry.judged === true) return;
    breaker.alive(clock.now(), pass.entry);
    if (breaker.epoch !== pass.entry.epoch) this.#pump();
  }

  ended(pass: BreakerPass, verdict: Verdict): void {
    this.#forget(pass);
    this.#inside -= 1;
    this.#parts.breaker.ended(this.#parts.clock.now(), pass.entry, verdict);
    this.#pump();
  }

  #admit(entry: Entry, context: Context): BreakerPass {
    const pass = new BreakerPass(this, entry, context, this.#parts.controllers);
    pass.slot = this.#unstarted.add(pass);
    this.#inside += 1;
    return pass;
  }

  #forget(pass: BreakerPass): void {
    if (pass.slot !== undefined) this.#unstarted.remove(pass.slot);
    pass.slot = undefined;
  }

  /** Acts on whatever the breaker has become. */
  readonly #pump = (): void => {
    const { breaker, clock } = this.#parts;
    const now = clock.now();
    if (breaker.state(now) === "open" && this.#recalledIn !== breaker.epoch) this.#recall(breaker.epoch);
    while (this.#line.size > 0) {
      const entry = breaker.enter(now);
      if (entry === undefined) break;
      this.#line.admit((context) => this.#admit(entry, context));
    }
    this.#rearm();
  };

  #recall(epoch: number): void {
    this.#recalledIn = epoch;
    const reason = new CallError("overloaded", `Called back: ${this.#parts.name} is left alone for a while`);
    for (const pass of this.#unstarted) pass.recall(reason);
  }

  /** One timer while anybody waits, none otherwise. */
  readonly #rearm = (): void => {
    const { breaker, clock } = this.#parts;
    const at = this.#line.size === 0 ? Infinity : breaker.retryAt(clock.now());
    if (at === this.#armedFor) return;
    this.#timer?.[Symbol.dispose]();
    this.#armedFor = at;
    this.#timer = at === Infinity ? undefined : clock.schedule(at, this.#look);
  };

  readonly #look = (): void => {
    this.#timer = undefined;
    this.#armedFor = Infinity;
    this.#pump();
  };

  /** At first it may be a hiccup, and a retry helps; once a try has failed too, waiting is for those who can. */
  #refusal(now: number, { model }: Call, ofMany: boolean): CallError {
    const { name, breaker } = this.#parts;
    const after = this.#retryAfter(now);
    const again = after.retryAfterMs === undefined ? "now" : `in ${Math.ceil(after.retryAfterMs / 1000)} s`;
    const last = this.#lastFailure instanceof CallError ? `; the last failure: ${this.#lastFailure.message}` : "";
    return new CallError(
      "overloaded",
      `Not sent: ${name} is left alone because ${breaker.reason}; one call tries it again ${again}${last}`,
      {
        provider: model.provider,
        model: model.name,
        retryable: !ofMany && !breaker.confirmed,
        cause: this.#lastFailure,
        ...after,
      },
    );
  }

  /** Nobody can tell how long a try takes that is under way. */
  #retryAfter(now: number): { readonly retryAfterMs?: number } {
    const { breaker } = this.#parts;
    const retryAfterMs = breaker.recovering ? 0 : breaker.retryAt(now) - now;
    return retryAfterMs > 0 ? { retryAfterMs } : {};
  }
}
