import type { Progress, Timeouts } from "../call/context.ts";

/** The timeouts that watch a single attempt. */
export type AttemptLimits = Omit<Timeouts, "totalMs">;

/**
 * The clocks of one attempt as arithmetic: progress only notes the time, so a chunk costs one comparison and no timer.
 *
 * A stream is watched for its first content and then for silence between contents; a plain body for silence once it
 * has begun. Before that only the whole attempt counts: a model may think as long as it likes.
 */
export class AttemptClock {
  readonly #limits: AttemptLimits;
  readonly #startedAt: number;
  readonly #streamed: boolean;
  #progressAt: number | undefined;
  #suspended = false;

  constructor(limits: AttemptLimits, startedAt: number, streamed: boolean) {
    this.#limits = limits;
    this.#startedAt = startedAt;
    this.#streamed = streamed;
  }

  note(now: number, progress: Progress): void {
    if (progress !== "head" || !this.#streamed) this.#progressAt = now;
  }

  /** The reader is taking its time: that silence is not the provider's. */
  suspend(): void {
    this.#suspended = true;
  }

  resume(now: number): void {
    this.#suspended = false;
    this.#progressAt = now;
  }

  /** When the attempt is over if nothing more comes. */
  get endsAt(): number {
    return Math.min(this.#startedAt + this.#limits.attemptMs, this.#silentAt);
  }

  /** What ran out at `endsAt`. */
  get expired(): string {
    const { attemptMs, firstContentMs, idleMs } = this.#limits;
    if (this.#startedAt + attemptMs <= this.#silentAt) return `The attempt took longer than ${attemptMs} ms`;
    if (this.#progressAt === undefined) return `No content came within ${firstContentMs} ms`;
    return `Nothing came for ${idleMs} ms`;
  }

  get #silentAt(): number {
    if (this.#suspended) return Infinity;
    if (this.#progressAt !== undefined) return this.#progressAt + this.#limits.idleMs;
    return this.#streamed ? this.#startedAt + this.#limits.firstContentMs : Infinity;
  }
}
