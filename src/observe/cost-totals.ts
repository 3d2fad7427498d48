import { addMoney, type Money } from "../call/money.ts";

/** What calls cost together, as far as their prices are known. */
export interface CostSnapshot {
  /** One sum for each currency; empty when no call had a price. */
  readonly costs: readonly Money[];
  /** Calls whose price nobody knows: they cost something, and are in no sum. */
  readonly unpricedCalls: number;
}

/** Adds up what calls cost, each currency by itself. */
export class CostTotals {
  #costs: readonly Money[] = [];
  #unpricedCalls = 0;

  add(cost: Money | undefined): void {
    if (cost === undefined) this.#unpricedCalls += 1;
    else this.#costs = addMoney(this.#costs, cost);
  }

  snapshot(): CostSnapshot {
    return { costs: this.#costs, unpricedCalls: this.#unpricedCalls };
  }
}
