import { CallError, type CallErrorCode } from "../call/call-error.ts";

/** So many attempts find out whether a deployment works at all; the others go elsewhere until one has succeeded. */
const unprovenAttempts = 8;
/** So many failures in a row, and nothing ever succeeded: it is dead, or its address is wrong. */
const deadAfter = 3;
const firstBenchMs = 30_000;
const longestBenchMs = 600_000;

/** Failures after which the same key or model fails again, until somebody does something. */
const lasting: ReadonlySet<CallErrorCode> = new Set(["auth", "quota_exhausted", "not_found"]);
const failing: ReadonlySet<CallErrorCode> = new Set(["network", "server", "overloaded", "timeout", "malformed"]);

/**
 * What a router knows of one deployment beside its breaker, which opens only after something has succeeded: how many
 * attempts are with it, and until when it is on the bench. Pure: every verb takes the time.
 */
export class DeploymentHealth {
  benchedUntil: number = -Infinity;
  #attempts = 0;
  #proven = false;
  #failures = 0;
  #benches = 0;

  /** Whether it is known to fail. After a bench one attempt finds out, like a breaker's. */
  isDown(now: number): boolean {
    return this.benchedUntil > now || (this.#benches > 0 && this.#attempts > 0);
  }

  /** Whether it may be asked now, where others can be asked as well. */
  takes(now: number): boolean {
    return !this.isDown(now) && (this.#proven || this.#attempts < unprovenAttempts);
  }

  get attempts(): number {
    return this.#attempts;
  }

  entered(): void {
    this.#attempts += 1;
  }

  left(): void {
    this.#attempts -= 1;
  }

  succeeded(): void {
    this.#proven = true;
    this.#failures = 0;
    this.#benches = 0;
    this.benchedUntil = -Infinity;
  }

  failed(now: number, error: unknown): void {
    if (!(error instanceof CallError)) return;
    if (lasting.has(error.code)) return this.#bench(now, error.retryAfterMs ?? longestBenchMs);
    if (!failing.has(error.code) || this.#proven) return;
    this.#failures += 1;
    if (this.#failures >= deadAfter) this.#bench(now, firstBenchMs * 2 ** Math.min(10, this.#benches));
  }

  #bench(now: number, forMs: number): void {
    if (this.benchedUntil > now) return;
    this.benchedUntil = now + Math.min(forMs, longestBenchMs);
    this.#benches += 1;
    this.#failures = 0;
    this.#proven = false;
  }
}
