/** A currency that providers bill in. */
export type Currency = "USD" | "CNY";

/** An amount of one currency. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

/** What a call cost, and which entry of which table says so. */
export interface Cost extends Money {
  /** The entry's own name: a model of the price table, or a pattern of the overrides. */
  readonly matched: string;
  readonly source: "override" | "genai-prices";
}

/** The sums with one amount more: one sum for each currency, in the order in which they came up; two currencies are never added. */
export const addMoney = (sums: readonly Money[], { amount, currency }: Money): readonly Money[] =>
  sums.some((sum) => sum.currency === currency)
    ? sums.map((sum) => (sum.currency === currency ? { amount: sum.amount + amount, currency } : sum))
    : [...sums, { amount, currency }];
