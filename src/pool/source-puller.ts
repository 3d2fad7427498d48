/** What a puller asks and tells its owner. */
export interface PullerEvents<T> {
  readonly hasRoom: () => boolean;
  readonly onItem: (item: T) => void;
  /** The source is exhausted or has thrown; `failure` tells which. */
  readonly onEnd: () => void;
}

/** Takes items out of a source, one pull at a time and only while there is room, and gives the source back. */
export class SourcePuller<T> {
  /** What the source has thrown, if it has. */
  failure: { readonly error: unknown } | undefined;
  readonly #events: PullerEvents<T>;
  readonly #next: () => void;
  readonly #return: () => unknown;
  #pending = false;
  #stopped = false;
  /** The source itself has said that it is over: it must not be closed again. */
  #exhausted = false;

  constructor(source: Iterable<T> | AsyncIterable<T>, events: PullerEvents<T>) {
    this.#events = events;
    if (isAsync(source)) {
      const iterator = source[Symbol.asyncIterator]();
      this.#next = () => {
        Promise.resolve(iterator.next()).then(this.#resume, this.#fail);
      };
      this.#return = () => iterator.return?.();
    } else {
      const iterator = source[Symbol.iterator]();
      this.#next = () => this.#receive(iterator.next());
      this.#return = () => iterator.return?.();
    }
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  pull(): void {
    while (!this.#stopped && !this.#pending && this.#events.hasRoom()) {
      this.#pending = true;
      try {
        this.#next();
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** Ends the taking of items. What a pending pull brings is dropped. */
  stop(): void {
    this.#stopped = true;
  }

  /** Lets the source release what it holds, unless it has ended by itself. */
  async close(): Promise<void> {
    this.#stopped = true;
    if (this.#exhausted) return;
    this.#exhausted = true;
    // A generator queues `return()` behind its pending step: to wait for a slow source could be to wait for ever.
    if (this.#pending) Promise.resolve(this.#return()).then(ignore, ignore);
    else await this.#return();
  }

  readonly #resume = (step: IteratorResult<T, unknown>): void => {
    this.#receive(step);
    this.pull();
  };

  #receive(step: IteratorResult<T, unknown>): void {
    this.#pending = false;
    if (step.done === true) this.#over();
    else if (!this.#stopped) this.#events.onItem(step.value);
  }

  readonly #fail = (error: unknown): void => {
    this.#pending = false;
    if (!this.#stopped) this.failure = { error };
    this.#over();
  };

  #over(): void {
    this.#exhausted = true;
    this.#stopped = true;
    this.#events.onEnd();
  }
}

const ignore = (): void => {};

const isAsync = <T>(source: Iterable<T> | AsyncIterable<T>): source is AsyncIterable<T> =>
  typeof source === "object" && Symbol.asyncIterator in source;
