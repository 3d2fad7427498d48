import { Heap } from "../time/heap.ts";
import { Deque } from "./deque.ts";

/** What stands in a queue: on whose behalf, and what it will take. */
export interface Queued {
  readonly tenant: string;
  readonly priority: number;
  /** The order of arrival; what comes again brings its old one. */
  readonly sequence: number;
  /** How long it will take, in any unit: it decides in the order `longest-first`. */
  readonly size: number;
  /** What it takes of the limit of which it takes most, as a part of that limit. */
  readonly share: number;
  state: "queued" | "granted" | "settled" | "withdrawn";
}

/** What goes first inside a flow: what came first, or what takes longest. */
export type Order = "fifo" | "longest-first";

/** What waits for one tenant at one priority, in order, and where that flow stands among the others. */
export class FlowQueue<T extends Queued> implements Iterable<T> {
  readonly tenant: string;
  readonly priority: number;
  readonly weight: number;
  /** The start tag of its first item; while nothing waits, the finish tag of its last one. */
  tag = 0;
  /** The virtual time when it last began to wait. */
  floor = 0;
  /** Among equal tags, smaller goes first. */
  turn = 0;
  /** Where it stands in the heap of flows; negative while it is not there. */
  place = -1;
  /** How many of its items a look ahead has passed, and what was true before it. */
  passed = 0;
  tagBefore = 0;
  turnBefore = 0;
  readonly #goesBefore: (a: Queued, b: Queued) => boolean;
  /** Always in order; what comes too late to stand at its end is kept apart until it is among the first. */
  readonly #line: Deque<T> = new Deque<T>();
  #late: Heap<T> | undefined;

  constructor(tenant: string, priority: number, order: Order) {
    this.tenant = tenant;
    this.priority = priority;
    this.weight = weightOf(priority);
    this.#goesBefore = order === "fifo" ? cameBefore : isLonger;
  }

  /** How many items it holds, those included that are no longer queued and have not been come across yet. */
  get length(): number {
    return this.#line.length + (this.#late?.size ?? 0);
  }

  push(item: T): void {
    const last = this.#line.last;
    if (last === undefined || !this.#goesBefore(item, last)) this.#line.push(item);
    else (this.#late ??= new Heap<T>(this.#goesBefore)).push(item);
  }

  /** The item in place `index`, to be asked for from 0 upwards; what is no longer queued is dropped on the way. */
  nth(index: number): T | undefined {
    const line = this.#line;
    let next = line.at(index);
    while (next !== undefined && next.state !== "queued") {
      line.remove(index);
      next = line.at(index);
    }
    const late = this.#late === undefined ? undefined : firstQueued(this.#late);
    if (late === undefined || (next !== undefined && !this.#goesBefore(late, next))) return next;
    this.#late?.pop();
    line.insert(index, late);
    return late;
  }

  /** Takes out an item that `nth` has shown; false when it is none of those. */
  remove(item: T): boolean {
    const line = this.#line;
    for (let index = 0; index < line.length; index += 1) {
      if (line.at(index) !== item) continue;
      line.remove(index);
      return true;
    }
    return false;
  }

  /** Drops whatever is no longer queued, in O(n). */
  compact(): void {
    this.#line.filter(isQueued);
    this.#late?.filter(isQueued);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const item of this.#line) if (item.state === "queued") yield item;
    if (this.#late !== undefined) for (const item of this.#late) if (item.state === "queued") yield item;
  }
}

/** Each step of priority is worth four times the share; beyond 8 steps the tags would lose their precision. */
const weightOf = (priority: number): number => 4 ** (Math.max(-8, Math.min(8, priority)) || 0);

const cameBefore = (a: Queued, b: Queued): boolean => a.sequence < b.sequence;

const isLonger = (a: Queued, b: Queued): boolean => (a.size === b.size ? a.sequence < b.sequence : a.size > b.size);

const isQueued = ({ state }: Queued): boolean => state === "queued";

const firstQueued = <T extends Queued>(heap: Heap<T>): T | undefined => {
  let first = heap.peek();
  while (first !== undefined && first.state !== "queued") {
    heap.pop();
    first = heap.peek();
  }
  return first;
};
