import { CallError, cancellation } from "../call/call-error.ts";
import { onAbort } from "../time/on-abort.ts";
import { RingBuffer } from "./ring-buffer.ts";
import { SourcePuller } from "./source-puller.ts";

/** How `mapConcurrent` paces, orders and ends its work. */
export interface MapConcurrentOptions {
  /** How many items may be out: taken from the source, their results not yet dealt with. Asked at each step; below 1 is 1. */
  readonly window: () => number;
  /** Results in the order of the source, or as they come. */
  readonly order: "input" | "completion";
  /** Stops the started work; the results that it still gives are delivered, then the cancellation is thrown. */
  readonly signal: AbortSignal;
  /** Any of them ends the taking of items: the started work goes on, its results are delivered, and the loop ends normally. */
  readonly drains?: readonly AbortSignal[];
  /** Awaited after every 256 results: work that never waits would leave timers and sockets no turn. @default none */
  readonly breathe?: () => Promise<void>;
}

/**
 * Does something with one item. The controller is the item's own while it is in work: it tells the work to stop, and the
 * work may abort it. `exhausted` says whether the source has ended, so that nothing comes after what is in work.
 */
export type MapWork<T, R> = (
  item: T,
  index: number,
  controller: AbortController,
  exhausted: () => boolean,
) => Promise<R>;

/**
 * Runs `work` on every item of a source, many at a time in bounded memory, and yields the results.
 *
 * Leaving the loop aborts the started work, waits until it has ended, and closes the source. When the source throws,
 * the results of the started work come first, then its error. When work rejects, the rest is cancelled and that error
 * is thrown. A pull that is pending at the end is not waited for, and what it brings is dropped.
 */
export async function* mapConcurrent<T, R>(
  source: Iterable<T> | AsyncIterable<T>,
  work: MapWork<T, R>,
  options: MapConcurrentOptions,
): AsyncGenerator<R, void, undefined> {
  const { breathe, window } = options;
  if (Number.isNaN(window())) throw new RangeError('Cannot map: "window" must be a number, got NaN');
  const mapping = new Mapping(source, work, options);
  let delivered = 0;
  try {
    while (await mapping.hasNext()) {
      yield mapping.next();
      if (breathe !== undefined && ++delivered % 256 === 0) await breathe();
    }
  } finally {
    await mapping.close();
  }
  mapping.throwFailure();
}

/** The place of one item's result. */
interface Slot<R> {
  state: "running" | "done" | "dropped";
  value: R | undefined;
}

/** The state of one loop. Only the consumer waits; pulls and work wake it. */
class Mapping<T, R> {
  readonly #work: MapWork<T, R>;
  readonly #options: MapConcurrentOptions;
  readonly #puller: SourcePuller<T>;
  /** In input order every item that is out, oldest first; in completion order the finished ones. */
  readonly #slots: RingBuffer<Slot<R>> = new RingBuffer();
  /**
   * A controller for each item in work, used again for the next one: they are dear to make, and their garbage
   * outlives many collections. With one for all, a wide window would put so many listeners on its signal that Node
   * warns and that taking one off is slow.
   */
  readonly #lanes: AbortController[] = [];
  readonly #freeLanes: AbortController[] = [];
  readonly #unfollow: readonly (() => void)[];
  #aborted = false;
  #index = 0;
  #out = 0;
  /** The consumer has a result in its hands; its place is free when it asks for the next. */
  #handedOver = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(source: Iterable<T> | AsyncIterable<T>, work: MapWork<T, R>, options: MapConcurrentOptions) {
    this.#work = work;
    this.#options = options;
    this.#puller = new SourcePuller(source, {
      hasRoom: () => this.#out < Math.max(1, options.window()),
      onItem: (item) => this.#start(item),
      onEnd: () => this.#notify(),
    });
    const { drains = [] } = options;
    this.#unfollow = [onAbort(options.signal, this.#cancel), ...drains.map((drain) => onAbort(drain, this.#stop))];
    if (options.signal.aborted || drains.some(({ aborted }) => aborted)) this.#puller.stop();
  }

  /** Whether a result can be taken; false when there will be no more. */
  hasNext(): boolean | Promise<boolean> {
    if (this.#handedOver) this.#out--;
    this.#handedOver = false;
    this.#puller.pull();
    return this.#known() ? this.#ready() : this.#waitForNext();
  }

  next(): R {
    const value = this.#slots.shift()?.value as R;
    this.#skipDropped();
    this.#handedOver = true;
    return value;
  }

  /** Stops what still runs and gives everything back; after a loop that ended by itself nothing runs. */
  async close(): Promise<void> {
    this.#abort(new CallError("cancelled", "The loop over the results was left"));
    while (this.#running() > 0) await this.#change();
    for (const unfollow of this.#unfollow) unfollow();
    try {
      await this.#puller.close();
    } catch (error) {
      if (this.#failure === undefined) throw error;
    }
  }

  throwFailure(): void {
    const failure = this.#failure ?? this.#puller.failure;
    if (failure !== undefined) throw failure.error;
    if (this.#options.signal.aborted) throw cancellation(this.#options.signal.reason);
  }

  async #waitForNext(): Promise<boolean> {
    while (!this.#known()) await this.#change();
    return this.#ready();
  }

  /** Whether it is decided what comes: a result, or the end. */
  #known(): boolean {
    return this.#ready() || this.#failure !== undefined || (this.#puller.stopped && this.#running() === 0);
  }

  #ready(): boolean {
    return this.#failure === undefined && this.#slots.peek()?.state === "done";
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #running(): number {
    return this.#lanes.length - this.#freeLanes.length;
  }

  #newLane(): AbortController {
    const lane = new AbortController();
    this.#lanes.push(lane);
    return lane;
  }

  readonly #exhausted = (): boolean => this.#puller.stopped;

  readonly #cancel = (): void => this.#abort(this.#options.signal.reason);

  readonly #stop = (): void => {
    this.#puller.stop();
    this.#notify();
  };

  #abort(reason: unknown): void {
    this.#aborted = true;
    this.#stop();
    for (const lane of this.#lanes) lane.abort(reason);
  }

  #start(item: T): void {
    const slot: Slot<R> = { state: "running", value: undefined };
    const lane = this.#freeLanes.pop() ?? this.#newLane();
    this.#out++;
    if (this.#options.order === "input") this.#slots.push(slot);
    try {
      this.#work(item, this.#index++, lane, this.#exhausted).then(
        (value) => this.#finish(lane, slot, value),
        (error: unknown) => this.#drop(lane, slot, error),
      );
    } catch (error) {
      this.#drop(lane, slot, error);
    }
  }

  #finish(lane: AbortController, slot: Slot<R>, value: R): void {
    slot.state = "done";
    slot.value = value;
    if (this.#options.order === "completion") this.#slots.push(slot);
    this.#ended(lane);
  }

  /** Work that rejects because it was told to stop leaves no result; any other rejection ends the loop. */
  #drop(lane: AbortController, slot: Slot<R>, error: unknown): void {
    slot.state = "dropped";
    if (!this.#aborted) {
      this.#failure = { error };
      this.#abort(new CallError("cancelled", "Cancelled because the work on another item failed", { cause: error }));
    }
    this.#ended(lane);
  }

  #ended(lane: AbortController): void {
    this.#freeLanes.push(lane.signal.aborted ? this.#replaced(lane) : lane);
    this.#skipDropped();
    this.#puller.pull();
    if (this.#wake !== undefined && this.#known()) this.#notify();
  }

  #replaced(lane: AbortController): AbortController {
    const fresh = new AbortController();
    this.#lanes[this.#lanes.indexOf(lane)] = fresh;
    return fresh;
  }

  #skipDropped(): void {
    while (this.#slots.peek()?.state === "dropped") this.#slots.shift();
  }
}
