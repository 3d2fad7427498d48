import { CallError } from "../call/call-error.ts";
import type { Context, Progress } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { childController } from "../time/child-controller.ts";
import type { Clock, Timer } from "../time/clock.ts";
import { AttemptClock, type AttemptLimits } from "./attempt-clock.ts";

/** Ends an attempt that takes too long as a whole, to its first content, or in silence. It stands inside the limiter: our own queue is not the provider's slowness. */
export const attemptTimeout =
  (limits: AttemptLimits): Layer =>
  (next) =>
    async function attemptTimeout(call, context) {
      const { clock } = context;
      const controller = childController(context.signal);
      const watch = new Watch(
        new AttemptClock({ ...limits, ...context.timeouts }, clock.now(), call.body["stream"] === true),
        clock,
        (message) => {
          controller.abort(
            new CallError("timeout", message, { model: call.model.name, provider: call.model.provider }),
          );
        },
      );
      try {
        return await next(call, { ...context, ...watch.listeners(context), signal: controller.signal });
      } finally {
        watch[Symbol.dispose]();
        controller[Symbol.dispose]();
      }
    };

/** Drives an attempt's clock with one timer, which finds out when it fires how far progress has moved the end. */
class Watch implements Disposable {
  readonly #attempt: AttemptClock;
  readonly #clock: Clock;
  readonly #expire: (message: string) => void;
  #timer: Timer;
  #armedFor: number;

  constructor(attempt: AttemptClock, clock: Clock, expire: (message: string) => void) {
    this.#attempt = attempt;
    this.#clock = clock;
    this.#expire = expire;
    this.#armedFor = attempt.endsAt;
    this.#timer = clock.schedule(this.#armedFor, this.#look);
  }

  listeners({ onProgress, onEvent }: Context): Pick<Context, "onProgress" | "onEvent"> {
    const noteProgress = (progress: Progress): void => {
      this.#attempt.note(this.#clock.now(), progress);
      this.#rearm();
      onProgress?.(progress);
    };
    return onEvent === undefined
      ? { onProgress: noteProgress }
      : { onProgress: noteProgress, onEvent: (event) => this.#read(event, onEvent) };
  }

  /** A reader or a provider that reports after the end arms nothing any more. */
  [Symbol.dispose](): void {
    this.#armedFor = -Infinity;
    this.#timer[Symbol.dispose]();
  }

  #read(event: StreamEvent, onEvent: NonNullable<Context["onEvent"]>): void | Promise<void> {
    const reading = onEvent(event);
    if (reading === undefined) return undefined;
    this.#attempt.suspend();
    return reading.finally(() => {
      this.#attempt.resume(this.#clock.now());
      this.#rearm();
    });
  }

  /** Only an end that has come nearer needs the timer moved: that happens once, at the first progress. */
  #rearm(): void {
    const { endsAt } = this.#attempt;
    if (endsAt >= this.#armedFor) return;
    this.#timer[Symbol.dispose]();
    this.#arm(endsAt);
  }

  #arm(at: number): void {
    this.#armedFor = at;
    this.#timer = this.#clock.schedule(at, this.#look);
  }

  readonly #look = (): void => {
    const { endsAt } = this.#attempt;
    if (this.#clock.now() < endsAt) this.#arm(endsAt);
    else this.#expire(this.#attempt.expired);
  };
}
