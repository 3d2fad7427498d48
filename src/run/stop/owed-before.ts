import type { Money } from "../../call/money.ts";
import type { Payments } from "../journal/payments.ts";

/** What earlier runs may have been charged for without an answer. */
export interface Owed {
  /** At most, as far as it is known. */
  readonly atMost: readonly Money[];
  /** Attempts of which nobody knows what they cost at most. */
  readonly unpriced: number;
}

/** What earlier runs may have been charged for without an answer. */
export const owedBefore = (payments: Payments): Owed => {
  const { atMost, unpriced } = payments.tallied();
  const debts = [...payments.debts()].map(([, debt]) => debt);
  const unknown = debts.filter((debt) => debt.atMost === undefined);
  return {
    atMost: [...atMost, ...debts.flatMap((debt) => debt.atMost ?? [])],
    unpriced: unknown.reduce((sum, { count }) => sum + count, unpriced),
  };
};
