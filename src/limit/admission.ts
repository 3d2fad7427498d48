import { Heap } from "../time/heap.ts";
import type { Dimension, Lesson, Unit } from "./dimension.ts";
import { Hold } from "./hold.ts";
import type { Limits } from "./limits.ts";

/** What one attempt takes from each kind of quota. */
export type Amounts = Readonly<Record<Unit, number>>;

/** One attempt's place in the queue and, once granted, in the quotas. */
export interface Ticket {
  /** While it is queued these may change, with the limits. */
  amounts: Amounts;
  /** Higher goes first. */
  readonly priority: number;
  /** Among equals, smaller goes first. */
  readonly sequence: number;
  state: "queued" | "granted" | "settled" | "withdrawn";
  grantedAt: number;
}

/** Why the head of the queue is not granted: a limit's name, `paused`, or `provider` while that holds us off. */
export type Bound = keyof Limits | "paused" | "provider";

/**
 * The admission queue of one quota pool: a synchronous state machine, to which time is an argument.
 *
 * A ticket is granted when every dimension has room for it, all or nothing, strictly in order of priority and then of
 * sequence. Whoever drives it calls `next` until it yields nothing, and again at `wakeAt` or after a settlement.
 */
export class Admission<T extends Ticket = Ticket> {
  paused = false;
  readonly hold: Hold = new Hold();
  #dimensions: readonly Dimension[];
  readonly #queue: Heap<T> = new Heap<T>(goesBefore);
  #queued = 0;
  #inFlight = 0;
  #wakeAt = Infinity;
  #boundBy: Bound | undefined;

  constructor(dimensions: readonly Dimension[]) {
    this.#dimensions = dimensions;
  }

  get queued(): number {
    return this.#queued;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get dimensions(): readonly Dimension[] {
    return this.#dimensions;
  }

  /** When `next` may yield again if nothing else happens. */
  get wakeAt(): number {
    return this.#wakeAt;
  }

  /** What the head waited for when `next` last yielded nothing. */
  get boundBy(): Bound | undefined {
    return this.#queued === 0 ? undefined : this.#boundBy;
  }

  replace(dimensions: readonly Dimension[]): void {
    this.#dimensions = dimensions;
  }

  /** The dimension into which `amounts` can never fit. */
  tooLargeFor(amounts: Amounts): Dimension | undefined {
    return this.#dimensions.find((dimension) => amounts[dimension.unit] > Math.max(1, dimension.largest));
  }

  enqueue(ticket: T): void {
    this.#queue.push(ticket);
    this.#queued += 1;
  }

  /** Takes a ticket out of the queue; false when it was not in it any more. */
  withdraw(ticket: T): boolean {
    if (ticket.state !== "queued") return false;
    ticket.state = "withdrawn";
    this.#queued -= 1;
    if (this.#queue.size > 64 && this.#queue.size > 2 * this.#queued) this.#queue.filter(isQueued);
    return true;
  }

  /** Grants the head of the queue if it may start now. */
  next(now: number): T | undefined {
    const head = this.#head();
    this.#wakeAt = Infinity;
    this.#boundBy = undefined;
    if (head === undefined || !this.#mayStart(now, head.amounts)) return undefined;
    this.#queue.pop();
    this.#queued -= 1;
    this.#take(now, head);
    return head;
  }

  /** When such amounts could start at the earliest. */
  earliestStart(now: number, amounts: Amounts): number {
    let waitMs = Math.max(0, this.hold.until - now);
    for (const dimension of this.#dimensions) waitMs = Math.max(waitMs, dimension.waitMs(now, amounts[dimension.unit]));
    return now + waitMs;
  }

  /**
   * Ends a granted ticket: what it took is replaced by what it used. A second call does nothing.
   *
   * @param held whether the pool is held because of it; any other end gives its start back to the ramp.
   */
  settle(now: number, ticket: Ticket, used: Amounts, lesson: Lesson | undefined, held = false): void {
    if (ticket.state !== "granted") return;
    ticket.state = "settled";
    this.#inFlight -= 1;
    for (const dimension of this.#dimensions) {
      dimension.settle(now, ticket.grantedAt, ticket.amounts[dimension.unit], used[dimension.unit]);
      if (lesson !== undefined) dimension.learn?.(ticket.grantedAt, lesson);
    }
    if (!held) this.hold.passed(ticket.grantedAt, lesson === "succeeded");
  }

  /** Holds the pool after a 429. */
  throttled(now: number, ticket: Ticket, hintMs: number | undefined): void {
    const paced = this.#dimensions.some((dimension) => dimension.unit !== "slot");
    this.hold.begin(now, ticket.grantedAt, hintMs, !paced);
  }

  /** Everything that waits, in no particular order. */
  *waiting(): Generator<T> {
    for (const ticket of this.#queue) if (ticket.state === "queued") yield ticket;
  }

  /** Empties the queue. */
  *drain(): Generator<T> {
    for (let head = this.#head(); head !== undefined; head = this.#head()) {
      this.withdraw(head);
      yield head;
    }
  }

  #head(): T | undefined {
    for (let head = this.#queue.peek(); head !== undefined; head = this.#queue.peek()) {
      if (head.state === "queued") return head;
      this.#queue.pop();
    }
    return undefined;
  }

  #mayStart(now: number, amounts: Amounts): boolean {
    if (this.paused) return this.#wait("paused", Infinity);
    if (this.hold.until > now) return this.#wait("provider", this.hold.until);
    if (!this.hold.allows) return this.#wait("provider", Infinity);
    let longestMs = 0;
    for (const dimension of this.#dimensions) {
      const waitMs = dimension.waitMs(now, amounts[dimension.unit]);
      if (waitMs <= longestMs) continue;
      longestMs = waitMs;
      this.#boundBy = dimension.name;
    }
    return longestMs === 0 || this.#wait(this.#boundBy, now + Math.max(shortestWaitMs, longestMs));
  }

  #wait(bound: Bound | undefined, until: number): false {
    this.#boundBy = bound;
    this.#wakeAt = until;
    return false;
  }

  #take(now: number, ticket: Ticket): void {
    ticket.state = "granted";
    ticket.grantedAt = now;
    this.#inFlight += 1;
    this.hold.started();
    for (const dimension of this.#dimensions) dimension.take(now, ticket.amounts[dimension.unit]);
  }
}

/** A crumb of rounding must not make a wait that `now` cannot express: its timer would fire for ever at one time. */
const shortestWaitMs = 1;

const goesBefore = (a: Ticket, b: Ticket): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.sequence < b.sequence);

const isQueued = (ticket: Ticket): boolean => ticket.state === "queued";
