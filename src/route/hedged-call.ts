import { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { ControllerSource } from "../time/controller-source.ts";
import { LinkedController } from "./linked-controller.ts";
import type { StragglerWatch, Suspect } from "./straggler-watch.ts";

/** What a hedged call is made of. */
export interface HedgedCallParts {
  readonly call: Call;
  readonly context: Context;
  readonly next: Handler;
  readonly watch: StragglerWatch;
  readonly controllers: ControllerSource;
}

/** One of the attempts that race. */
interface Leg {
  readonly controller: LinkedController;
  startedAt?: number;
  over: boolean;
}

/** One attempt, and a second one if it hangs: the first success ends both, and one failure alone ends neither. */
export class HedgedCall implements Suspect {
  readonly #parts: HedgedCallParts;
  readonly #legs: Leg[] = [];
  /** Ends of attempts that are told only when no other runs: a call whose other attempt is out is not idle. */
  readonly #held: CallEvent[] = [];
  #running = 0;
  #slot: number | undefined;
  #reply: Reply | undefined;
  #error: unknown;
  #settle: { resolve(reply: Reply): void; reject(error: unknown): void } | undefined;

  constructor(parts: HedgedCallParts) {
    this.#parts = parts;
  }

  /** Runs to the end of all its attempts. */
  run(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#start();
    });
  }

  get startedAt(): number {
    return this.#legs[0]?.startedAt ?? Infinity;
  }

  get tokens(): number {
    return this.#parts.call.demand.outputTokens;
  }

  get isLast(): boolean {
    return this.#parts.context.isLast?.() === true;
  }

  hedge(): void {
    this.#unwatch();
    this.#start();
  }

  #start(): void {
    const { call, context, next, controllers } = this.#parts;
    const leg: Leg = { controller: new LinkedController(context.signal, controllers), over: false };
    this.#legs.push(leg);
    this.#running += 1;
    const observe = (event: CallEvent): void => this.#observe(leg, event);
    next(call, { ...context, signal: leg.controller.signal, observe }).then(
      (reply) => this.#won(leg, reply),
      (error: unknown) => this.#ended(leg, error),
    );
  }

  #observe(leg: Leg, event: CallEvent): void {
    const { watch, context } = this.#parts;
    if (event.type === "attempt-start") {
      leg.startedAt = event.at;
      if (leg === this.#legs[0] && this.#reply === undefined) this.#slot = watch.enter(this);
    }
    if (event.type === "attempt-end" && this.#running > 1) this.#held.push(event);
    else context.observe(event);
  }

  #won(leg: Leg, reply: Reply): void {
    if (this.#reply === undefined) {
      this.#reply = reply;
      const { watch, context } = this.#parts;
      if (leg.startedAt !== undefined) watch.finished(context.clock.now() - leg.startedAt, this.tokens);
      for (const other of this.#legs) if (other !== leg && !other.over) other.controller.abort(lost);
    }
    this.#ended(leg, undefined);
  }

  /** Waits for the loser too: its permit is settled, and nothing of the call goes on behind its back. */
  #ended(leg: Leg, error: unknown): void {
    if (leg === this.#legs[0]) {
      this.#unwatch();
      this.#error = error;
    } else this.#error ??= error;
    leg.over = true;
    leg.controller[Symbol.dispose]();
    this.#running -= 1;
    if (this.#running > 0) return;
    for (const event of this.#held) this.#parts.context.observe(event);
    if (this.#reply === undefined) this.#settle?.reject(this.#error);
    else this.#settle?.resolve(this.#reply);
  }

  #unwatch(): void {
    if (this.#slot !== undefined) this.#parts.watch.leave(this.#slot);
    this.#slot = undefined;
  }
}

const lost = new CallError("cancelled", "The other attempt of this call was faster");
