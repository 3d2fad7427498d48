import type { HaltRule } from "./halt-rule.ts";

/** A share is judged from so many finished rows on: one failure among the first three says nothing. */
const enoughRows = 20;

/** Counts the rows that a run finishes, and tells when too many of them have failed. */
export class HaltCount {
  readonly #rule: HaltRule;
  failed = 0;
  finished = 0;

  constructor(rule: HaltRule) {
    this.#rule = rule;
  }

  /** Takes in how a row has ended; true when the run is to stop. */
  add(ok: boolean): boolean {
    this.finished += 1;
    if (!ok) this.failed += 1;
    const { rows = Infinity, percent = Infinity } = this.#rule;
    if (this.failed >= rows) return true;
    return this.finished >= enoughRows && 100 * this.failed >= percent * this.finished;
  }
}
