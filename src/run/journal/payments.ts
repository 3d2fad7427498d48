import { addMoney, type Money } from "../../call/money.ts";

/** How many attempts may have been charged without having brought an answer, and what they cost at most. */
export interface PossiblyPaid {
  readonly count: number;
  /** One sum for each currency, of those whose price is known. */
  readonly atMost: readonly Money[];
  /** Those of which nobody knows what they cost at most. */
  readonly unpriced: number;
}

/** What may have been charged for one row that has no answer yet. */
export interface Debt {
  readonly count: number;
  readonly atMost: Money | undefined;
}

/**
 * Keeps account of what may have been charged: each request that leaves may be, until it turns out that it was not, or
 * that it brought the answer. A few bytes a row, and those only when some row's attempt has failed.
 */
export class Payments {
  readonly #rows: number;
  /** Rows whose attempts are on their way: as many as there are calls in flight. */
  readonly #open = new Map<number, Debt>();
  /** Rows that ended without an answer and may have been charged for. */
  #counts: Uint16Array | undefined;
  #amounts: Float64Array | undefined;
  #currencies: Uint8Array | undefined;
  #indebted = 0;
  #count = 0;
  #unpriced = 0;
  #sums: readonly Money[] = [];

  constructor(rows: number) {
    this.#rows = rows;
  }

  /** A request for the row is about to leave. */
  sent(row: number, atMost: Money | undefined): void {
    const debt = this.#open.get(row) ?? this.#taken(row);
    this.#open.set(row, debt === undefined ? { count: 1, atMost } : added(debt, { count: 1, atMost }));
  }

  /** An attempt has turned out to be free of charge. */
  unpaid(row: number): void {
    const debt = this.#open.get(row);
    if (debt === undefined) return;
    if (debt.count === 1) this.#open.delete(row);
    else this.#open.set(row, lessOne(debt));
  }

  /** The row has its answer: one of its attempts was rightly charged, the others may have been. Returns how many. */
  done(row: number): number {
    const debt = this.#open.get(row) ?? this.#taken(row);
    this.#open.delete(row);
    if (debt === undefined || debt.count <= 1) return 0;
    const rest = lessOne(debt);
    this.tally(rest.count, rest.atMost);
    return rest.count;
  }

  /** The row ended without an answer: what may have been charged for it stays. */
  ended(row: number): void {
    const debt = this.#open.get(row);
    if (debt === undefined) return;
    this.#open.delete(row);
    this.owe(row, debt);
  }

  /** Notes what may have been charged for a row that is not on its way. */
  owe(row: number, { count, atMost }: Debt): void {
    this.#counts ??= new Uint16Array(this.#rows);
    this.#amounts ??= new Float64Array(this.#rows);
    this.#currencies ??= new Uint8Array(this.#rows);
    this.#counts[row] = count;
    this.#amounts[row] = atMost?.amount ?? 0;
    this.#currencies[row] = atMost === undefined ? 0 : currencies.indexOf(atMost.currency) + 1;
    this.#indebted += 1;
  }

  /** Adds attempts that may have been charged beside the ones that brought answers. */
  tally(count: number, atMost: Money | undefined): void {
    this.#count += count;
    if (atMost === undefined) this.#unpriced += count;
    else this.#sums = addMoney(this.#sums, atMost);
  }

  /** Everything that is on its way counts as ended: the process that knew more has died. Returns how many rows that were. */
  endAll(): number {
    const rows = [...this.#open.keys()];
    for (const row of rows) this.ended(row);
    return rows.length;
  }

  /** What may have been charged for a row that has no answer. */
  debtOf(row: number): Debt | undefined {
    const open = this.#open.get(row);
    if (open !== undefined) return open;
    const count = this.#counts?.[row] ?? 0;
    if (count === 0) return undefined;
    const currency = currencies[(this.#currencies?.[row] ?? 0) - 1];
    return { count, atMost: currency === undefined ? undefined : { amount: this.#amounts?.[row] ?? 0, currency } };
  }

  /** All rows that may have been charged for and have no answer. */
  *debts(): Generator<readonly [row: number, debt: Debt]> {
    for (const entry of this.#open) yield entry;
    if (this.#indebted === 0) return;
    for (let row = 0; row < this.#rows; row++) {
      const debt = this.#open.has(row) ? undefined : this.debtOf(row);
      if (debt !== undefined) yield [row, debt];
    }
  }

  /** Beside the answers that there are: of a row without one, the first charge is not one too many. */
  possiblyTwice(): PossiblyPaid {
    const more = new Payments(0);
    more.#count = this.#count;
    more.#unpriced = this.#unpriced;
    more.#sums = this.#sums;
    for (const [, debt] of this.debts()) {
      if (debt.count > 1) more.tally(debt.count - 1, lessOne(debt).atMost);
    }
    return { count: more.#count, atMost: more.#sums, unpriced: more.#unpriced };
  }

  /** What has been tallied, for the journal that is written anew. */
  tallied(): PossiblyPaid {
    return { count: this.#count, atMost: this.#sums, unpriced: this.#unpriced };
  }

  #taken(row: number): Debt | undefined {
    const debt = this.debtOf(row);
    if (debt === undefined || this.#counts === undefined) return undefined;
    this.#counts[row] = 0;
    this.#indebted -= 1;
    return debt;
  }
}

const currencies = ["USD", "CNY"] as const;

/** Of two currencies there is no sum: the amount is not known then. */
const added = (one: Debt, other: Debt): Debt => {
  const { count } = one;
  const known = one.atMost !== undefined && other.atMost?.currency === one.atMost.currency;
  const atMost = known ? { ...one.atMost, amount: one.atMost.amount + (other.atMost?.amount ?? 0) } : undefined;
  return { count: count + other.count, atMost };
};

const lessOne = ({ count, atMost }: Debt): Debt => ({
  count: count - 1,
  atMost: atMost === undefined ? undefined : { ...atMost, amount: (atMost.amount * (count - 1)) / count },
});
