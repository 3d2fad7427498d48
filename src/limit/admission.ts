import type { CallError } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { Outcome, QuotaReading } from "../call/limiter.ts";
import { type Amounts, amountsBeyond, amountsUsed } from "./amounts.ts";
import type { Dimension, Lesson } from "./dimension.ts";
import { FairQueue } from "./fair-queue.ts";
import { Hold } from "./hold.ts";
import type { QuotaSet } from "./quota-set.ts";
import type { Bound, QueueOrder, Ticket } from "./ticket.ts";

/** How many of those behind the head are looked at for what the head cannot use. */
const mostCandidates = 32;
/** A crumb of rounding must not make a wait that `now` cannot express: its timer would fire for ever at one time. */
const shortestWaitMs = 1;

/**
 * The admission queue of one quota pool: a synchronous state machine, to which time is an argument.
 *
 * A ticket is granted when every dimension has room for it, all or nothing, in fair order. What the head cannot have
 * for now, because it does not fit into the rest of the provider's window, goes to those behind it that do (backfill,
 * in the manner of EASY: Lifka 1995). Whoever drives it calls `next` until it yields nothing, and again at `wakeAt` or
 * after a settlement.
 */
export class Admission<T extends Ticket = Ticket> {
  paused = false;
  readonly hold: Hold = new Hold();
  readonly #quotas: QuotaSet;
  readonly #queue: FairQueue<T>;
  #inFlight = 0;
  #grants = 0;
  #wakeAt = Infinity;
  #boundBy: Bound | undefined;

  constructor(quotas: QuotaSet, order: QueueOrder = "fifo") {
    this.#quotas = quotas;
    this.#queue = new FairQueue<T>(order);
  }

  get queued(): number {
    return this.#queue.size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** When `next` may yield again if nothing else happens. */
  get wakeAt(): number {
    return this.#wakeAt;
  }

  /** What the head waited for when `next` last yielded nothing. */
  get boundBy(): Bound | undefined {
    return this.#queue.size === 0 ? undefined : this.#boundBy;
  }

  /** The dimension into which such a demand can never fit. */
  tooLargeFor(demand: Demand): { readonly dimension: Dimension; readonly amount: number } | undefined {
    const amounts = this.#quotas.amountsOf(demand);
    for (const dimension of this.#quotas.dimensions) {
      const amount = amounts[dimension.unit];
      if (amount > Math.max(1, dimension.largest)) return { dimension, amount };
    }
    return undefined;
  }

  enqueue(ticket: T): void {
    ticket.share = this.#quotas.shareOf(this.#quotas.amountsOf(ticket.demand));
    this.#queue.push(ticket);
  }

  /** Takes a ticket out of the queue; false when it was not in it any more. */
  withdraw(ticket: T): boolean {
    if (ticket.state !== "queued") return false;
    ticket.state = "withdrawn";
    this.#queue.withdrawn();
    return true;
  }

  /** Grants what may start now: the head of the queue or, where that takes nothing from the head, one behind it. */
  next(now: number): T | undefined {
    this.#wakeAt = Infinity;
    this.#boundBy = undefined;
    const head = this.#queue.peek();
    if (head === undefined) return undefined;
    const amounts = this.#amountsOf(head);
    if (this.#mayStart(now, amounts)) return this.#grant(now, head, amounts);
    return this.#backfill(now, amounts);
  }

  /** When such a demand could start at the earliest. */
  earliestStart(now: number, demand: Demand): number {
    const amounts = this.#quotas.amountsOf(demand);
    let waitMs = Math.max(0, this.hold.until - now);
    for (const dimension of this.#quotas.dimensions) {
      waitMs = Math.max(waitMs, dimension.waitMs(now, amounts[dimension.unit]));
    }
    return now + waitMs;
  }

  /** Takes in what an answer's headers say. */
  observe(now: number, ticket: T, reading: QuotaReading): void {
    if (ticket.state === "granted") this.#quotas.observe(now, ticket.grantedAt, this.#amountsOf(ticket), reading);
  }

  /** Charges what a stream has produced beyond what was reserved for it. */
  produced(now: number, ticket: T, outputTokens: number): void {
    const taken = this.#amountsOf(ticket);
    const more = ticket.state === "granted" ? amountsBeyond(taken, outputTokens) : undefined;
    if (more === undefined) return;
    for (const dimension of this.#quotas.dimensions) {
      dimension.adjust(now, ticket.grantedAt, taken[dimension.unit], more[dimension.unit]);
    }
    ticket.amounts = more;
  }

  /**
   * Ends a granted ticket: what it took is replaced by what it used. A second call does nothing.
   *
   * @param parkedMs for how long a quota that is used up stops the pool.
   */
  settle(now: number, ticket: T, outcome: Outcome | undefined, parkedMs?: number): void {
    if (ticket.state !== "granted") return;
    ticket.state = "settled";
    this.#inFlight -= 1;
    const error = outcome?.ok === false ? outcome.error : undefined;
    const taken = this.#amountsOf(ticket);
    const used = amountsUsed(taken, ticket.demand, outcome);
    const lesson = error === undefined ? this.#pass(ticket, outcome) : this.#fail(now, ticket, taken, error, parkedMs);
    for (const dimension of this.#quotas.dimensions) {
      dimension.settle(now, ticket.grantedAt, taken[dimension.unit], used[dimension.unit]);
    }
    this.#queue.correct(ticket, this.#quotas.shareOf(used));
    if (lesson !== undefined) {
      this.#quotas.learn({ now, grant: ticket.grant, newestGrant: this.#grants, lesson, output: used.output });
    }
  }

  /** Everything that waits, in no particular order. */
  waiting(): Iterable<T> {
    return this.#queue;
  }

  /** Empties the queue. */
  drain(): readonly T[] {
    return this.#queue.drain();
  }

  #amountsOf(ticket: T): Amounts {
    return (ticket.amounts ??= this.#quotas.amountsOf(ticket.demand));
  }

  #mayStart(now: number, amounts: Amounts): boolean {
    if (this.paused) return this.#wait("paused", Infinity);
    if (this.hold.until > now) return this.#wait(this.hold.isParked(now) ? "quota" : "provider", this.hold.until);
    if (!this.hold.allows) return this.#wait("provider", Infinity);
    let longestMs = 0;
    for (const dimension of this.#quotas.dimensions) {
      const waitMs = dimension.waitMs(now, amounts[dimension.unit]);
      if (waitMs <= longestMs) continue;
      longestMs = waitMs;
      this.#boundBy = dimension.heldUntil > now ? "provider" : dimension.name;
    }
    return longestMs === 0 || this.#wait(this.#boundBy, now + Math.max(shortestWaitMs, longestMs));
  }

  #wait(bound: Bound | undefined, until: number): false {
    this.#boundBy = bound;
    this.#wakeAt = until;
    return false;
  }

  #backfill(now: number, head: Amounts): T | undefined {
    const at = this.#wakeAt;
    if (this.paused || this.hold.until > now || !this.hold.allows || !this.#spares(now, head)) return undefined;
    for (const candidate of this.#queue.candidates(mostCandidates)) {
      const amounts = this.#amountsOf(candidate);
      if (this.#passes(now, at, head, amounts)) return this.#grant(now, candidate, amounts);
    }
    return undefined;
  }

  /** Whether all that the head waits for cannot be put off by others. */
  #spares(now: number, head: Amounts): boolean {
    return this.#quotas.dimensions.every(
      (dimension) => dimension.waitMs(now, head[dimension.unit]) === 0 || dimension.spares(now, head[dimension.unit]),
    );
  }

  #passes(now: number, at: number, head: Amounts, amounts: Amounts): boolean {
    return this.#quotas.dimensions.every((dimension) => {
      const amount = amounts[dimension.unit];
      return dimension.waitMs(now, amount) === 0 && dimension.passes(now, at, head[dimension.unit], amount);
    });
  }

  #grant(now: number, ticket: T, amounts: Amounts): T {
    this.#queue.take(ticket);
    ticket.grantedAt = now;
    ticket.grant = ++this.#grants;
    this.#inFlight += 1;
    this.hold.started();
    for (const dimension of this.#quotas.dimensions) dimension.take(now, amounts[dimension.unit]);
    return ticket;
  }

  #pass({ grant }: T, outcome: Outcome | undefined): Lesson | undefined {
    this.hold.passed(grant, outcome !== undefined);
    return outcome === undefined ? undefined : "succeeded";
  }

  #fail(now: number, ticket: T, taken: Amounts, error: CallError, parkedMs: number | undefined): Lesson | undefined {
    const { code } = error;
    if (parkedMs !== undefined) this.hold.park(now + parkedMs, this.#grants);
    if (code === "throttled") return this.#reject(now, ticket, taken, error);
    if (parkedMs === undefined) this.hold.passed(ticket.grant, false);
    return code === "cancelled" || code === "closed" ? undefined : "failed";
  }

  #reject(now: number, ticket: T, taken: Amounts, error: CallError): Lesson {
    const [{ grant }, newestGrant, hintMs] = [ticket, this.#grants, error.retryAfterMs];
    const blamed = this.#quotas.blame(now, error);
    const named = blamed.length > 0;
    // Too many at once is answered by fewer at once: when others are in flight, their ends say when there is room.
    const crowd = !named && this.#quotas.adaptive && error.exceeded === "concurrency";
    if (crowd && hintMs === undefined && this.#inFlight > 0) {
      this.hold.passed(grant, false);
      return "crowded";
    }
    const paced = named || this.#quotas.paces;
    const holdsPool = !named || hintMs === undefined;
    const holdMs = this.hold.begin({ now, grant, newestGrant, hintMs, paced, holdsPool });
    const rateHoldMs = holdsPool ? undefined : holdMs;
    // A figure is about one limit: where it is not clear which, it is about none.
    const claim = error.exceeded === undefined || blamed.length > 1 ? undefined : error.quota;
    for (const rate of blamed) {
      rate.reject({ now, grant, newestGrant, amount: taken[rate.unit], hintMs: rateHoldMs, claim });
    }
    return named ? "throttled" : "crowded";
  }
}
