import { cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { ControllerSource } from "../time/controller-source.ts";
import { onAbort } from "../time/on-abort.ts";
import { isClosing, mayFareBetter, mostPatient, type Waiter } from "./waiter.ts";

/**
 * One call on behalf of all who wait for it. The first of them leads: it is made as the leader's, and what happens to it is told
 * to the leader alone. When the leader leaves, the next leads. It is cancelled when nobody waits any more.
 */
export class SharedCall {
  readonly #next: Handler;
  readonly #controllers: ControllerSource;
  readonly #onEnd: () => void;
  /** By age. */
  readonly #waiters = new Set<Waiter>();
  /** Those who have left, but whom an answer under way still reaches. */
  readonly #leaving = new Set<Waiter>();
  #leader: Waiter | undefined;
  #controller: AbortController | undefined;
  #attempts = 0;
  #answered = false;

  /** @param onEnd called when nobody may join any more. */
  constructor(next: Handler, controllers: ControllerSource, onEnd: () => void) {
    this.#next = next;
    this.#controllers = controllers;
    this.#onEnd = onEnd;
  }

  /** Waits for the outcome; the first who does starts the call. */
  join(call: Call, context: Context): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const unfollow = onAbort(context.signal, () => this.#leave(waiter));
      const waiter: Waiter = { call, context, resolve, reject, unfollow };
      this.#waiters.add(waiter);
      if (this.#leader === undefined) this.#make(waiter);
    });
  }

  #make(leader: Waiter): void {
    const controller = this.#controllers.take();
    this.#leader = leader;
    this.#controller = controller;
    this.#attempts = 0;
    this.#answered = false;
    this.#next(leader.call, this.#contextOf(leader.context, controller)).then(
      (reply) => {
        this.#giveBack(controller);
        this.#succeeded(reply);
      },
      (error: unknown) => {
        this.#giveBack(controller);
        this.#failed(error, leader);
      },
    );
  }

  #contextOf(context: Context, controller: AbortController): Context {
    return {
      ...context,
      signal: controller.signal,
      cancel: (reason) => controller.abort(reason),
      observe: (event) => this.#heard(event, controller),
      onProgress: (progress) => this.#leader?.context.onProgress?.(progress),
      ...(context.onHead !== undefined && {
        onHead: (status, headers) => this.#leader?.context.onHead?.(status, headers),
      }),
    };
  }

  #heard(event: CallEvent, controller: AbortController): void {
    // The loser of a hedged attempt may end late, when the next attempts are under way.
    const isCurrent = this.#controller === controller;
    if (isCurrent) this.#count(event);
    const leader = this.#leader;
    leader?.context.observe(leader.call.id === event.id ? event : { ...event, id: leader.call.id });
    // What was in flight has ended: now who is closing goes, unless the answer is already on its way.
    const isOver = event.type === "call-retry" || (event.type === "attempt-end" && event.code === undefined);
    if (isCurrent && isOver) this.#dismiss();
  }

  #count(event: CallEvent): void {
    if (event.type === "attempt-start") this.#attempts += 1;
    else if (event.type === "attempt-end") {
      this.#attempts -= 1;
      this.#answered = event.code === undefined;
    }
  }

  #leave(waiter: Waiter): void {
    this.#leaving.add(waiter);
    if (!this.#isHeld(waiter)) this.#dismiss();
  }

  /** Who is closing waits for what is in flight, and gets an answer that others have waited for. */
  #isHeld(waiter: Waiter): boolean {
    const comes = this.#answered && this.#leaving.size < this.#waiters.size;
    return isClosing(waiter) && (this.#attempts > 0 || comes);
  }

  /** Lets go who is leaving. When all are, the call is cancelled, and they wait for its end. */
  #dismiss(): void {
    const gone = [...this.#leaving].filter((waiter) => !this.#isHeld(waiter));
    const last = gone.at(-1);
    if (last === undefined) return;
    if (gone.length === this.#waiters.size) return this.#abandon(last);
    for (const waiter of gone) {
      this.#remove(waiter);
      waiter.reject(cancellation(waiter.context.signal.reason));
    }
    if (this.#leader !== undefined && !this.#waiters.has(this.#leader)) [this.#leader] = this.#waiters;
  }

  #abandon(last: Waiter): void {
    this.#onEnd();
    this.#controller?.abort(last.context.signal.reason);
  }

  /** A controller that was given back may be somebody else's soon. */
  #giveBack(controller: AbortController): void {
    this.#controller = undefined;
    this.#controllers.giveBack(controller);
  }

  #succeeded(reply: Reply): void {
    this.#onEnd();
    for (const waiter of this.#waiters) {
      this.#remove(waiter);
      waiter.resolve(waiter === this.#leader ? reply : { ...reply, reused: reply.reused ?? "coalesced" });
    }
  }

  #failed(error: unknown, maker: Waiter): void {
    const abandoned = this.#leaving.size === this.#waiters.size;
    const staying = new Set<Waiter>();
    for (const waiter of this.#waiters) {
      if (!abandoned && !this.#leaving.has(waiter) && mayFareBetter(error, maker, waiter)) staying.add(waiter);
    }
    const leader = mostPatient(staying);
    if (leader === undefined) this.#onEnd();
    for (const waiter of this.#waiters) {
      if (staying.has(waiter)) continue;
      this.#remove(waiter);
      waiter.reject(error);
    }
    if (leader !== undefined) this.#make(leader);
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    this.#leaving.delete(waiter);
    waiter.unfollow();
  }
}
