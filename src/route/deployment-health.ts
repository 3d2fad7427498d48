import type { CallError, CallErrorCode } from "../call/call-error.ts";

/** So many attempts find out whether a deployment works at all; the others go elsewhere until one has succeeded. */
const unprovenAttempts = 8;
/** So many failures in a row, where others can be asked, and it is left alone: sooner than a breaker, for nobody has to wait. */
const failuresInARow = { unproven: 3, proven: 5 };
const firstBenchMs = 5000;
const longestBenchMs = 600_000;

/** Failures after which the same key or model fails again, until somebody does something. */
const lasting: ReadonlySet<CallErrorCode> = new Set(["auth", "quota_exhausted", "not_found"]);
const failing: ReadonlySet<CallErrorCode> = new Set(["network", "server", "overloaded", "timeout", "malformed"]);

/**
 * What a router knows of one deployment beside its breaker, which must not open before something has succeeded, nor too
 * soon: how many attempts are with it, and until when it is on the bench. Pure: every verb takes the time.
 */
export class DeploymentHealth {
  benchedUntil: number = -Infinity;
  /** When the newest attempt started that has succeeded. */
  succeededAt: number = -Infinity;
  #attempts = 0;
  /** Of them, those that came after the last bench: what was there before finds nothing out. */
  #newAttempts = 0;
  #proven = false;
  #failures = 0;
  /** In a row. */
  #benches = 0;
  #bench = 0;
  #failureStartedAt = -Infinity;

  /** Whether it is known to fail. After a bench one attempt finds out, like a breaker's. */
  isDown(now: number): boolean {
    return this.benchedUntil > now || (this.#benches > 0 && this.#newAttempts > 0);
  }

  /** Whether it may be asked now, where others can be asked as well. */
  takes(now: number): boolean {
    return !this.isDown(now) && (this.#proven || this.#attempts < unprovenAttempts);
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Returns on which bench it was last, for `left`. */
  entered(): number {
    this.#attempts += 1;
    this.#newAttempts += 1;
    return this.#bench;
  }

  left(bench: number): void {
    this.#attempts -= 1;
    if (bench === this.#bench) this.#newAttempts -= 1;
  }

  /**
   * An attempt that started then has succeeded. What started before one that failed says little about now; but where
   * many such succeed for each that fails, failures are just quicker than answers.
   */
  succeeded(startedAt: number): void {
    this.#failures = Math.max(0, this.#failures - 1);
    this.succeededAt = Math.max(this.succeededAt, startedAt);
    if (startedAt <= this.#failureStartedAt) return;
    this.#proven = true;
    this.#failures = 0;
    this.#benches = 0;
    this.benchedUntil = -Infinity;
  }

  /** An attempt that started then has failed. */
  failed(now: number, code: CallErrorCode, startedAt: number): void {
    if (!failing.has(code)) return;
    this.#failureStartedAt = Math.max(this.#failureStartedAt, startedAt);
    this.#failures += 1;
    const enough = failuresInARow[this.#proven ? "proven" : "unproven"];
    if (this.#failures >= enough || this.#benches > 0)
      this.#putOnBench(now, firstBenchMs * 2 ** Math.min(10, this.#benches));
  }

  /** The call was refused for a reason that stays. */
  refused(now: number, { code, retryAfterMs = longestBenchMs }: CallError): void {
    if (lasting.has(code)) this.#putOnBench(now, retryAfterMs);
  }

  #putOnBench(now: number, forMs: number): void {
    if (this.benchedUntil > now) return;
    this.benchedUntil = now + Math.min(forMs, longestBenchMs);
    this.#benches += 1;
    this.#bench += 1;
    this.#newAttempts = 0;
    this.#failures = 0;
    this.#proven = false;
  }
}
