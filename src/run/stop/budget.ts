import { type FailedAttempt, possiblyPaid } from "../../call/possibly-paid.ts";

/** What a row has come to, as far as its bill goes. */
export interface RowBill {
  readonly ok: boolean;
  /** Whether another call paid for the answer. */
  readonly reused: boolean;
  /** Absent when nobody knows. */
  readonly cost?: number;
}

/** The attempts of one row: each holds as much as one attempt can cost. */
interface Account {
  readonly atMost: number;
  /** Reserved for an attempt that has not begun: the first, or one after a refusal. */
  standing: boolean;
  running: number;
  /** Ended with an answer whose price is told with the result. */
  answered: number;
  /** Attempts that were kept back, whose ends are still to be heard. */
  refused: number;
}

/**
 * Keeps what a run may cost below a limit, whatever happens: an attempt goes out only while the limit holds what was
 * spent, what is reserved for the attempts in flight at the most that each can cost, and the same for this one. What may
 * have been charged without an answer counts at that most. One currency; amounts are whole billionths, so that sums are exact.
 */
export class Budget {
  readonly #most: number;
  readonly #accounts = new Map<string, Account>();
  #spent: number;
  #reserved = 0;

  /** @param spentBefore what earlier runs have spent of it. */
  constructor(most: number, spentBefore = 0) {
    this.#most = roundedDown(most);
    this.#spent = roundedUp(spentBefore);
  }

  /** What has been charged so far, or may have been. */
  get spent(): number {
    return this.#spent / unit;
  }

  /** What the attempts in flight may cost beside that. */
  get reserved(): number {
    return this.#reserved / unit;
  }

  /** Rows that were opened and not closed. */
  get open(): number {
    return this.#accounts.size;
  }

  /** Whether everything in flight could be tried once more. */
  get isRoomy(): boolean {
    return this.#fits(this.#reserved);
  }

  /** Reserves the first attempt of a row; false when it does not fit now. */
  openRow(id: string, atMost: number): boolean {
    const amount = roundedUp(atMost);
    if (!this.#fits(amount)) return false;
    this.#reserved += amount;
    this.#accounts.set(id, { atMost: amount, standing: true, running: 0, answered: 0, refused: 0 });
    return true;
  }

  /** An attempt is about to go out; false keeps it back. */
  attempt(id: string): boolean {
    const account = this.#accounts.get(id);
    if (account === undefined) return true;
    if (!account.standing && !this.#fits(account.atMost)) {
      account.refused += 1;
      return false;
    }
    if (!account.standing) this.#reserved += account.atMost;
    account.standing = false;
    account.running += 1;
    return true;
  }

  /** An attempt has ended; without a failure it brought an answer. */
  attemptEnded(id: string, failure: FailedAttempt | undefined): void {
    const account = this.#accounts.get(id);
    if (account === undefined) return;
    if (account.refused > 0 && failure !== undefined) {
      account.refused -= 1;
      return;
    }
    if (account.running === 0) return;
    account.running -= 1;
    if (failure === undefined) account.answered += 1;
    else if (possiblyPaid(failure)) this.#charge(account, account.atMost);
    else if (account.standing) this.#reserved -= account.atMost;
    else account.standing = true;
  }

  /** The row has ended: nothing of it is in flight any more. */
  closeRow(id: string, { ok, reused, cost }: RowBill): void {
    const account = this.#accounts.get(id);
    if (account === undefined) return;
    this.#accounts.delete(id);
    const { atMost, standing, running, answered } = account;
    if (standing) this.#reserved -= atMost;
    for (let attempt = 0; attempt < running; attempt++) this.#charge(account, atMost);
    // The cost of a result is that of all answers that it took.
    const known = reused ? 0 : ok && cost !== undefined ? roundedUp(cost) : answered * atMost;
    this.#reserved -= answered * atMost;
    this.#spent += known;
  }

  #charge({ atMost }: Account, amount: number): void {
    this.#reserved -= atMost;
    this.#spent += amount;
  }

  #fits(amount: number): boolean {
    return this.#spent + this.#reserved + amount <= this.#most;
  }
}

const unit = 1e9;
/** What multiplying with the unit may have added. */
const noise = 1e-6;

const roundedUp = (amount: number): number => Math.ceil(Math.max(0, amount * unit - noise));
const roundedDown = (amount: number): number => Math.floor(amount * unit + noise);
