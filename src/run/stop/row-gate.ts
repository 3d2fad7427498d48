import type { Money } from "../../call/money.ts";
import type { Result } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import { onAbort } from "../../time/on-abort.ts";
import type { Row } from "../source/row.ts";
import type { Budget } from "./budget.ts";

/** What a gate is made of. */
export interface RowGateOptions {
  readonly budget: Budget;
  readonly most: Money;
  /** What one attempt of a row can cost. @throws RunError when nobody knows */
  readonly atMost: (row: Row) => number;
  /** Called when the next row does not fit although nothing is in flight. */
  readonly onFull: (next: number) => void;
  /** Aborted by any reason to take no more rows. */
  readonly ends: readonly AbortSignal[];
}

/** A row whose attempts find no room goes back so often; each time it may have been paid for. */
const mostReturns = 5;

/**
 * Lets rows through as long as what they may cost fits into the budget, and waits for those in flight when it does not. A
 * row whose next attempt did not fit comes through once more when there is room again.
 */
export class RowGate {
  readonly #options: RowGateOptions;
  readonly #returned: Row[] = [];
  readonly #returns = new Map<string, number>();
  #open = true;
  #wake: (() => void) | undefined;

  constructor(options: RowGateOptions) {
    this.#options = options;
  }

  async *rows(source: AsyncIterable<Row>): AsyncGenerator<Row> {
    const stops = this.#options.ends.map((signal) => onAbort(signal, () => this.#change()));
    try {
      for await (const row of source) {
        for (let back = this.#returned.shift(); back !== undefined; back = this.#returned.shift()) {
          if (!(await this.#admit(back))) return;
          yield back;
        }
        if (!(await this.#admit(row))) return;
        yield row;
      }
      for (let back = await this.#lastReturned(); back !== undefined; back = await this.#lastReturned()) {
        if (!(await this.#admit(back))) return;
        yield back;
      }
    } finally {
      this.#open = false;
      for (const stop of stops) stop();
    }
  }

  /** A row has ended; true when it comes through once more. */
  settled(row: Row, result: Result<ChatReply>): boolean {
    const { budget, most } = this.#options;
    const { cost, reused } = result.ok ? result.value : {};
    const known = cost?.currency === most.currency ? { cost: cost.amount } : {};
    budget.closeRow(row.id, { ok: result.ok, reused: reused !== undefined, ...known });
    const comesBack = !result.ok && result.error.code === "budget" && this.#mayReturn(row);
    if (comesBack) this.#returned.push(row);
    this.#change();
    return comesBack;
  }

  async #admit(row: Row): Promise<boolean> {
    const { budget, atMost, onFull } = this.#options;
    const most = atMost(row);
    while (!this.#isEnded()) {
      if (budget.openRow(row.id, most)) return true;
      if (budget.open === 0) {
        onFull(most);
        return false;
      }
      await this.#nextChange();
    }
    return false;
  }

  /** The last rows are waited for only when they may come back: their ends are also the end of the source, which others wait for. */
  async #lastReturned(): Promise<Row | undefined> {
    const { budget } = this.#options;
    while (this.#returned.length === 0 && budget.open > 0 && !budget.isRoomy && !this.#isEnded()) {
      await this.#nextChange();
    }
    return this.#returned.shift();
  }

  #mayReturn({ id }: Row): boolean {
    const returns = (this.#returns.get(id) ?? 0) + 1;
    if (!this.#open || this.#isEnded() || returns > mostReturns) return false;
    this.#returns.set(id, returns);
    return true;
  }

  #isEnded(): boolean {
    return this.#options.ends.some(({ aborted }) => aborted);
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #change(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
