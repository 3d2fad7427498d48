import type { Currency, Money } from "../call/money.ts";

/** What a call is expected to take and to cost, and what it may cost at most. */
export interface CallEstimate {
  /** `provider/model`, as it is asked first. */
  readonly model: string;
  readonly inputTokens: number;
  /** As long as the model's answers were so far; before the first, as answers usually are. */
  readonly outputTokens: number;
  /** The most output tokens that can be charged, reasoning and all answers included; absent where nothing bounds them. */
  readonly outputBound?: number;
  /** What tokens cost, for the shortest inputs where that matters; absent without a known price. */
  readonly rates?: CallRates;
  /** Absent without a known price. */
  readonly expected?: Money;
  /** One attempt costs no more, whichever deployment or fallback answers it; absent where nobody can know. */
  readonly atMost?: Money;
  /** Why there is no price: a reason such as `model-not-listed`, or `elsewhere` for an address of your own. */
  readonly unpriced?: string;
  /** Why there is a price, but no `atMost`. */
  readonly unbounded?: string;
}

/** What a million tokens cost. */
export interface CallRates {
  readonly input: number;
  readonly output: number;
  readonly currency: Currency;
}
