import type { Money } from "../../call/money.ts";
import { addMoney } from "../../call/money.ts";
import type { CallEstimate, CallRates } from "../../client/call-estimate.ts";
import type { CostRange, Range, RunEstimate } from "./run-estimate.ts";

/**
 * What of its estimate is known of a row without the estimate itself: eighteen bytes. To estimate a row costs more than to
 * read it, so of very many only some are looked at, and each of the others is taken to be like the last one before it.
 */
export class RowEstimates {
  /** Whether every row is looked at. */
  readonly #all: boolean;
  #rows = 0;
  #looked = 0;
  #input = new Uint32Array(256);
  /** The most tokens of an answer; `unbounded` where nothing bounds them. */
  #bound = new Uint32Array(256);
  #atMost = new Float64Array(256);
  #price = new Uint16Array(256);
  readonly #prices: PriceKind[] = [];
  readonly #kinds = new Map<string, number>();

  constructor({ all }: { readonly all: boolean }) {
    this.#all = all;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Takes in the next row, whose estimate is asked for only where it is looked at. */
  add(estimateOf: () => CallEstimate): void {
    const isLookedAt = this.#isLookedAt(this.#rows);
    this.#rows += 1;
    if (!isLookedAt) return;
    const { inputTokens, outputBound = unbounded, atMost, ...estimate } = estimateOf();
    const place = this.#looked++;
    if (place === this.#input.length) this.#grow();
    this.#input[place] = inputTokens;
    this.#bound[place] = Math.min(unbounded, outputBound);
    this.#atMost[place] = atMost?.amount ?? 0;
    this.#price[place] = this.#kindOf(estimate, atMost);
  }

  /** Adds up the rows that are not skipped. */
  sum(skip: (row: number) => boolean, perRow: Range): EstimateSums {
    const sums = new Sums(this.#prices);
    let row = 0;
    for (let place = 0; place < this.#looked; place++) {
      let alike = 0;
      do {
        if (!skip(row)) alike += 1;
        row += 1;
      } while (row < this.#rows && !this.#isLookedAt(row));
      if (alike > 0) sums.add(this.#termsOf(place, perRow), alike);
    }
    return sums.finish();
  }

  #isLookedAt(row: number): boolean {
    return this.#all || row < 2_000 || row % (row < 20_000 ? 11 : 97) === 0;
  }

  #termsOf(place: number, perRow: Range): RowTerms {
    const bound = this.#bound[place] ?? unbounded;
    return {
      kind: this.#price[place] ?? 0,
      input: this.#input[place] ?? 0,
      output: { low: Math.min(bound, perRow.low), high: Math.min(bound, perRow.high) },
      isBound: bound < perRow.high,
      atMost: this.#atMost[place] ?? 0,
    };
  }

  #kindOf(
    { rates, unpriced, unbounded: reason }: Omit<CallEstimate, "inputTokens">,
    atMost: Money | undefined,
  ): number {
    const key = JSON.stringify([rates, unpriced, reason, atMost?.currency]);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    // Rows may name their own models; of very many kinds, the last stands for the rest.
    if (this.#prices.length === mostKinds) return mostKinds - 1;
    this.#prices.push({ rates, unpriced, unbounded: reason, currency: atMost?.currency });
    this.#kinds.set(key, this.#prices.length - 1);
    return this.#prices.length - 1;
  }

  #grow(): void {
    const capacity = Math.ceil(this.#looked * 1.5);
    const grown = <A extends Uint32Array | Uint16Array | Float64Array>(array: A, copy: A): A => {
      copy.set(array);
      return copy;
    };
    this.#input = grown(this.#input, new Uint32Array(capacity));
    this.#bound = grown(this.#bound, new Uint32Array(capacity));
    this.#atMost = grown(this.#atMost, new Float64Array(capacity));
    this.#price = grown(this.#price, new Uint16Array(capacity));
  }
}

/** What rows come to together. */
export interface EstimateSums extends Pick<
  RunEstimate,
  | "toSend"
  | "inputTokens"
  | "outputTokens"
  | "costs"
  | "unpricedRows"
  | "unpriced"
  | "atMost"
  | "unboundedRows"
  | "unbounded"
> {
  /** Whether the bounds of the rows, and not the expectation, say how long answers are. */
  readonly isBound: boolean;
}

const unbounded = 2 ** 32 - 1;
const mostKinds = 2 ** 16;

/** The estimate of the input may be a tenth off, either way. */
const inputMargin = { low: 0.9, high: 1.1 };

interface PriceKind {
  readonly rates: CallRates | undefined;
  readonly unpriced: string | undefined;
  readonly unbounded: string | undefined;
  readonly currency: Money["currency"] | undefined;
}

interface RowTerms {
  readonly kind: number;
  readonly input: number;
  readonly output: Range;
  readonly isBound: boolean;
  readonly atMost: number;
}

/** Adds up by kind: currencies and reasons are looked at once a kind. */
class Sums {
  readonly #kinds: readonly PriceKind[];
  readonly #of: { rows: number; low: number; high: number; atMost: number }[];
  #rows = 0;
  #bound = 0;
  #input = 0;
  #low = 0;
  #high = 0;

  constructor(kinds: readonly PriceKind[]) {
    this.#kinds = kinds;
    this.#of = kinds.map(() => ({ rows: 0, low: 0, high: 0, atMost: 0 }));
  }

  /** Adds so many rows that are alike. */
  add({ kind, input, output, isBound, atMost }: RowTerms, rows: number): void {
    this.#rows += rows;
    this.#input += rows * input;
    this.#low += rows * output.low;
    this.#high += rows * output.high;
    if (isBound) this.#bound += rows;
    const sums = this.#of[kind];
    if (sums === undefined) return;
    const { rates } = this.#kinds[kind] ?? {};
    sums.rows += rows;
    sums.atMost += rows * atMost;
    if (rates === undefined) return;
    sums.low += (rows * (input * inputMargin.low * rates.input + output.low * rates.output)) / 1e6;
    sums.high += (rows * (input * inputMargin.high * rates.input + output.high * rates.output)) / 1e6;
  }

  finish(): EstimateSums {
    let [costs, atMost]: [readonly CostRange[], readonly Money[]] = [[], []];
    let [unpricedRows, unboundedRows] = [0, 0];
    const reasons: { unpriced?: string; unbounded?: string } = {};
    for (const [index, { rates, unpriced, unbounded: reason, currency }] of this.#kinds.entries()) {
      const sums = this.#of[index];
      if (sums === undefined || sums.rows === 0) continue;
      if (rates !== undefined) costs = addRange(costs, { ...sums, currency: rates.currency });
      if (currency !== undefined) atMost = addMoney(atMost, { amount: sums.atMost, currency });
      if (unpriced !== undefined) reasons.unpriced ??= unpriced;
      if (reason !== undefined) reasons.unbounded ??= reason;
      if (rates === undefined) unpricedRows += sums.rows;
      else if (currency === undefined) unboundedRows += sums.rows;
    }
    const bounded = unpricedRows + unboundedRows === 0;
    return {
      toSend: this.#rows,
      inputTokens: this.#input,
      outputTokens: { low: this.#low, high: this.#high },
      isBound: this.#rows > 0 && this.#bound * 2 > this.#rows,
      costs,
      unpricedRows,
      unboundedRows,
      ...reasons,
      ...(bounded ? { atMost } : {}),
    };
  }
}

const addRange = (sums: readonly CostRange[], { low, high, currency }: CostRange): readonly CostRange[] =>
  sums.some((sum) => sum.currency === currency)
    ? sums.map((sum) => (sum.currency === currency ? { low: sum.low + low, high: sum.high + high, currency } : sum))
    : [...sums, { low, high, currency }];
