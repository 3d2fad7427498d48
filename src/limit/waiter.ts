import { type CallError, cancellation } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";

/** Who waits, and how to end the waiting. */
export interface WaiterOptions {
  readonly id: string;
  readonly demand: Demand;
  readonly signal: AbortSignal;
  readonly give: () => void;
  readonly reject: (error: CallError) => void;
  /** Called when the signal aborts. */
  readonly withdraw: (error: CallError) => void;
}

/** One caller that waits for a permit; it is taken out of the queue when its signal aborts. */
export class Waiter {
  readonly id: string;
  readonly demand: Demand;
  readonly #give: () => void;
  readonly #reject: (error: CallError) => void;
  readonly #signal: AbortSignal;
  readonly #abort: () => void;

  constructor({ id, demand, signal, give, reject, withdraw }: WaiterOptions) {
    this.id = id;
    this.demand = demand;
    this.#give = give;
    this.#reject = reject;
    this.#signal = signal;
    this.#abort = () => withdraw(cancellation(signal.reason));
    signal.addEventListener("abort", this.#abort);
  }

  grant(): void {
    this.#signal.removeEventListener("abort", this.#abort);
    this.#give();
  }

  reject(error: CallError): void {
    this.#signal.removeEventListener("abort", this.#abort);
    this.#reject(error);
  }
}
