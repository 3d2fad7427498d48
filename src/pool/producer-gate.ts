import type { CallError } from "../call/call-error.ts";
import type { Clock, Timer } from "../time/clock.ts";
import { RingBuffer } from "./ring-buffer.ts";

interface Producer {
  readonly enter: () => void;
  readonly refuse: (error: CallError) => void;
}

/** Lets as many producers in as there are places, in their order, so that each finds its place still free. */
export class ProducerGate {
  readonly #clock: Clock;
  readonly #room: () => number;
  readonly #waiting: RingBuffer<Producer> = new RingBuffer();
  /** Places promised to producers that have not used them yet. */
  #promised = 0;
  #lapse: Timer | undefined;

  /** @param room how many places are free. */
  constructor(clock: Clock, room: () => number) {
    this.#clock = clock;
    this.#room = room;
  }

  /** Resolves when a place is free; it is kept for the caller until the next turn of the timers. */
  ready(): Promise<void> {
    return new Promise((enter, refuse) => {
      this.#waiting.push({ enter, refuse });
      this.open();
    });
  }

  /** A place was taken. */
  used(): void {
    if (this.#promised > 0) this.#promised--;
    if (this.#promised === 0) this.#forget();
  }

  /** Looks whether someone can enter. */
  open(): void {
    while (this.#waiting.size > 0 && this.#room() > this.#promised) {
      this.#promised++;
      // Without this, whoever enters and then submits nothing would keep a place for ever.
      this.#lapse ??= this.#clock.schedule(this.#clock.now() + 1, this.#expire);
      this.#waiting.shift()?.enter();
    }
  }

  close(error: CallError): void {
    this.#forget();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.refuse(error);
  }

  readonly #expire = (): void => {
    this.#forget();
    this.open();
  };

  #forget(): void {
    this.#promised = 0;
    this.#lapse?.[Symbol.dispose]();
    this.#lapse = undefined;
  }
}
