import { Heap } from "../time/heap.ts";
import type { FlowQueue, Order, Queued } from "./flow-queue.ts";
import { FlowTable } from "./flow-table.ts";

export type { Order, Queued } from "./flow-queue.ts";

/**
 * The order in which what waits may start: weighted start-time fair queueing over flows.
 *
 * A flow is one tenant at one priority, its weight w is 4^priority. Its first item has the start tag S = max(V, F) and,
 * once taken, leaves the finish tag F = S + share / w; the smallest S goes first, and V is the start tag of what was
 * taken last (Goyal, Vin and Cheng, Start-time Fair Queuing, SIGCOMM 1996). A flow that begins to wait starts at V, so
 * idling earns nothing, and what a call turns out to have used corrects its flow (Sheng et al., Fairness in Serving
 * Large Language Models, OSDI 2024).
 */
export class FairQueue<T extends Queued> implements Iterable<T> {
  readonly #known: FlowTable<T>;
  /** The flows in which something may be waiting. */
  readonly #flows: Heap<FlowQueue<T>> = new Heap<FlowQueue<T>>(startsBefore, stands);
  readonly #ahead: T[] = [];
  readonly #touched: FlowQueue<T>[] = [];
  #virtualTime = 0;
  #turns = 0;
  #size = 0;
  /** Flows that hold something. */
  #busyFlows = 0;
  /** Items that are still held and no longer queued. */
  #dead = 0;

  /** @param maxIdleFlows how many flows in which nothing waits are remembered with what they had. @default 16_384 */
  constructor(order: Order = "fifo", maxIdleFlows = 16_384) {
    this.#known = new FlowTable<T>(order, maxIdleFlows);
  }

  /** How many items are queued. */
  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    const flow = this.#known.find(item) ?? this.#open(item);
    if (this.#nth(flow, 0) === undefined) this.#begin(flow);
    flow.push(item);
    if (flow.length === 1) this.#busyFlows += 1;
    this.#size += 1;
  }

  /** The item that goes first. */
  peek(): T | undefined {
    for (let flow = this.#flows.peek(); flow !== undefined; flow = this.#flows.peek()) {
      const item = this.#nth(flow, 0);
      if (item !== undefined) return item;
      this.#flows.pop();
    }
    return undefined;
  }

  /** Grants the head or one of its candidates: takes it out and charges its flow. */
  take(item: T): void {
    const flow = this.#known.find(item);
    if (flow === undefined) return;
    item.state = "granted";
    if (!flow.remove(item)) this.#dead += 1;
    else if (flow.length === 0) this.#busyFlows -= 1;
    this.#size -= 1;
    this.#virtualTime = Math.max(this.#virtualTime, this.#flows.peek()?.tag ?? 0);
    flow.tag = this.#finish(flow, item);
    flow.turn = this.#nextTurn();
    this.#moved(flow);
  }

  /** To be told each time that an item which was queued has become `withdrawn`. */
  withdrawn(): void {
    this.#size -= 1;
    this.#dead += 1;
    if (this.#dead <= 64 || this.#dead <= this.#size) return;
    this.#compact();
  }

  /**
   * The items that would go after the head if nothing else came, in order, at most `limit` of them. The array is filled
   * anew by the next call.
   */
  candidates(limit: number): readonly T[] {
    this.#ahead.length = 0;
    let flow = this.#leader();
    for (let passed = 0; passed <= limit && flow !== undefined; passed += 1) {
      this.#pass(flow, passed > 0);
      flow = this.#leader();
    }
    this.#turnBack();
    return this.#ahead;
  }

  /** Charges the flow of an item that was taken with what it used instead of its share. */
  correct(item: T, usedShare: number): void {
    const more = shareOf(usedShare) - shareOf(item.share);
    const flow = this.#known.find(item) ?? (more > 0 ? this.#open(item) : undefined);
    if (flow === undefined || more === 0) return;
    // What was reserved before the flow was idle must not become a credit after it.
    flow.tag = Math.max(flow.floor, flow.tag + more / flow.weight);
    this.#moved(flow);
  }

  /** Withdraws everything that is queued and returns it, in no particular order. */
  drain(): T[] {
    const drained = [...this];
    for (const item of drained) item.state = "withdrawn";
    this.#compact();
    this.#size = 0;
    return drained;
  }

  /** Everything that is queued, in no particular order; nothing may be pushed, taken or withdrawn meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (const flow of this.#flows) yield* flow;
  }

  #nth(flow: FlowQueue<T>, index: number): T | undefined {
    const { length } = flow;
    const item = flow.nth(index);
    this.#dead -= length - flow.length;
    if (length > 0 && flow.length === 0) this.#busyFlows -= 1;
    return item;
  }

  #compact(): void {
    this.#dead = 0;
    this.#busyFlows = 0;
    for (const flow of this.#flows) {
      flow.compact();
      if (flow.length > 0) this.#busyFlows += 1;
    }
  }

  /** A tag always grows, however little it is charged: what is free must not stand in the way of others for ever. */
  #finish({ tag, weight }: FlowQueue<T>, { share }: T): number {
    return tag + Math.max(shareOf(share) / weight, tag * Number.EPSILON);
  }

  #nextTurn(): number {
    this.#turns += 1;
    return this.#turns;
  }

  #begin(flow: FlowQueue<T>): void {
    flow.floor = this.#virtualTime;
    flow.tag = Math.max(flow.tag, flow.floor);
    flow.turn = this.#nextTurn();
    if (flow.place < 0) this.#flows.push(flow);
    else this.#flows.moved(flow.place);
  }

  #moved(flow: FlowQueue<T>): void {
    if (flow.place >= 0) this.#flows.moved(flow.place);
  }

  /** The flow of which a look ahead passes an item next. */
  #leader(): FlowQueue<T> | undefined {
    for (let flow = this.#flows.peek(); flow !== undefined; flow = this.#flows.peek()) {
      if (flow.tag === Infinity) return undefined;
      if (this.#nth(flow, flow.passed) !== undefined) return flow;
      if (flow.passed === 0) this.#flows.pop();
      else {
        flow.tag = Infinity;
        this.#flows.moved(flow.place);
      }
    }
    return undefined;
  }

  #pass(flow: FlowQueue<T>, show: boolean): void {
    const item = flow.nth(flow.passed);
    if (item === undefined) return;
    if (show) this.#ahead.push(item);
    if (flow.passed === 0) {
      this.#touched.push(flow);
      flow.tagBefore = flow.tag;
      flow.turnBefore = flow.turn;
    }
    flow.passed += 1;
    flow.tag = this.#finish(flow, item);
    flow.turn = this.#nextTurn();
    this.#flows.moved(flow.place);
  }

  #turnBack(): void {
    for (const flow of this.#touched) {
      flow.passed = 0;
      flow.tag = flow.tagBefore;
      flow.turn = flow.turnBefore;
      this.#flows.moved(flow.place);
    }
    this.#touched.length = 0;
  }

  #open(item: T): FlowQueue<T> {
    // Idle flows that are forgotten must not stand in the heap beside new ones of the same name.
    if (this.#known.forgetIdle(this.#busyFlows, this.#virtualTime)) this.#flows.filter(({ length }) => length > 0);
    return this.#known.open(item, this.#virtualTime);
  }
}

type Standing = Pick<FlowQueue<Queued>, "tag" | "turn" | "weight">;

const startsBefore = (a: Standing, b: Standing): boolean => {
  if (a.tag !== b.tag) return a.tag < b.tag;
  return a.weight === b.weight ? a.turn < b.turn : a.weight > b.weight;
};

const stands = (flow: { place: number }, place: number): void => {
  flow.place = place;
};

/** What costs nothing is charged a little, or it would never let others through; and every tag stays a number. */
const shareOf = (share: number): number => (share > 1e-9 ? Math.min(share, 1e9) : 1e-9);
