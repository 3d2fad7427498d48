import { CallError } from "../../call/call-error.ts";
import type { Money } from "../../call/money.ts";
import { type FailedAttempt, possiblyPaid } from "../../call/possibly-paid.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import type { LinePlace } from "../files/record-log.ts";
import type { MostOf } from "../estimate/most-of.ts";
import type { RowWatch } from "../sending/row-watch.ts";
import type { Row } from "../source/row.ts";
import type { RowIndex } from "../source/row-index.ts";
import type { Journal } from "./journal.ts";
import type { Payments } from "./payments.ts";

/** What the book is kept with. */
export interface CallBookOptions {
  readonly index: RowIndex;
  readonly payments: Payments;
  /** Absent when nothing outlives the process. */
  readonly journal?: Journal;
  readonly mostOf: MostOf;
}

/** Notes every request before it leaves and what became of it, so that at any time it is known what may have been paid for. */
export class CallBook implements RowWatch {
  readonly #options: CallBookOptions;
  /** Of rows that are on their way. */
  readonly #atMost = new Map<number, Money>();

  constructor(options: CallBookOptions) {
    this.#options = options;
  }

  readonly next = ({ index: row }: Row, request: ChatRequest): void => {
    const atMost = this.#options.mostOf(request);
    if (atMost !== undefined) this.#atMost.set(row, atMost);
  };

  readonly attempt = ({ index: row }: Row, attempt: number): CallError | undefined => {
    const { index, payments, journal } = this.#options;
    const atMost = this.#atMost.get(row);
    if (journal?.sent(index.hashOf(row), attempt, atMost) === false) return unnoted();
    payments.sent(row, atMost);
    return undefined;
  };

  readonly attemptEnded = ({ index: row }: Row, failure: FailedAttempt | undefined): void => {
    if (failure === undefined || possiblyPaid(failure)) return;
    const { index, payments, journal } = this.#options;
    payments.unpaid(row);
    journal?.unpaid(index.hashOf(row));
  };

  /** The row's call has ended: how many of its attempts may have been charged without bringing an answer. */
  readonly lostAttempts = ({ index: row }: Row, answered: boolean): number => {
    const count = this.#options.payments.debtOf(row)?.count ?? 0;
    return answered ? Math.max(0, count - 1) : count;
  };

  /** The row's answer is in the truth. */
  readonly answered = ({ index: row }: Row, place: LinePlace): void => {
    const { index, payments, journal } = this.#options;
    journal?.done(index.hashOf(row), place);
    payments.done(row);
    this.#atMost.delete(row);
  };

  /** The row ended without an answer. */
  readonly failed = ({ index: row }: Row): void => {
    this.#options.payments.ended(row);
    this.#atMost.delete(row);
  };
}

/** The next run could not say that this request may have been paid for. */
const unnoted = (): CallError => new CallError("cancelled", "The request was kept back: the journal could not note it");
