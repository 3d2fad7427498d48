import type { CallErrorCode } from "../../call/call-error.ts";
import type { FailedRow as GroupedRow } from "../records/error-groups.ts";
import { messageKind } from "./message-kind.ts";

/** A failed row, as the errors file tells of it. */
export interface FailedRow extends GroupedRow {
  readonly model?: string;
  readonly attempts?: number;
}

/** Failed rows with one cause. */
export interface ErrorCause {
  readonly code: CallErrorCode;
  readonly status?: number;
  readonly count: number;
  /** The message of the first of them; of various causes that were not kept apart, there is none. */
  readonly message?: string;
  readonly retryable: boolean;
  /** The models that failed so; the first of them, when there are many. */
  readonly models: readonly string[];
  /** The fewest and the most attempts at one row; absent where nobody says. */
  readonly attempts?: { readonly least: number; readonly most: number };
  /** The ids of the first of them. */
  readonly ids: readonly string[];
}

/** How much is kept. */
export interface ErrorCausesOptions {
  /** The ids that each cause keeps. @default 3 */
  readonly keptIds?: number;
  /** Causes that are kept apart; those beyond are counted by code. @default 200 */
  readonly mostCauses?: number;
}

const mostModels = 3;

/** Counts failures by code, status and what their messages have in common, in bounded memory. */
export class ErrorCauses {
  readonly #keptIds: number;
  readonly #mostCauses: number;
  readonly #causes = new Map<string, Counted>();
  readonly #others = new Map<CallErrorCode, Counted>();
  #count = 0;

  constructor({ keptIds = 3, mostCauses = 200 }: ErrorCausesOptions = {}) {
    this.#keptIds = keptIds;
    this.#mostCauses = mostCauses;
  }

  /** All failures that were added. */
  get count(): number {
    return this.#count;
  }

  add(row: FailedRow): void {
    this.#count += 1;
    const key = `${row.code} ${row.status ?? "-"} ${messageKind(row.message)}`;
    const known = this.#causes.get(key) ?? (this.#causes.size < this.#mostCauses ? undefined : this.#other(row));
    const cause = known ?? counted(row);
    if (known === undefined) this.#causes.set(key, cause);
    countIn(cause, row, this.#keptIds);
  }

  /** Most frequent first. */
  list(): readonly ErrorCause[] {
    const others = [...this.#others.values()].map(withoutMessage);
    return [...[...this.#causes.values()].map(shown), ...others].toSorted((one, other) => other.count - one.count);
  }

  #other(row: FailedRow): Counted {
    const known = this.#others.get(row.code) ?? counted(row);
    this.#others.set(row.code, known);
    return known;
  }
}

interface Counted {
  readonly first: FailedRow;
  readonly models: string[];
  readonly ids: string[];
  count: number;
  least: number;
  most: number;
}

const counted = (first: FailedRow): Counted => ({ first, models: [], ids: [], count: 0, least: Infinity, most: 0 });

const countIn = (cause: Counted, { id, model, attempts = 0 }: FailedRow, keptIds: number): void => {
  cause.count += 1;
  if (cause.ids.length < keptIds) cause.ids.push(id);
  if (model !== undefined && cause.models.length < mostModels && !cause.models.includes(model))
    cause.models.push(model);
  if (attempts === 0) return;
  cause.least = Math.min(cause.least, attempts);
  cause.most = Math.max(cause.most, attempts);
};

const shown = (cause: Counted): ErrorCause => {
  const { message } = cause.first;
  return { ...withoutMessage(cause), ...statusOf(cause), ...(message === "" ? {} : { message }) };
};

/** What is said of rows whose causes were not kept apart. */
const withoutMessage = ({ first, models, ids, count, least, most }: Counted): ErrorCause => ({
  code: first.code,
  count,
  retryable: first.retryable,
  models,
  ...(most === 0 ? {} : { attempts: { least, most } }),
  ids,
});

const statusOf = ({ first: { status } }: Counted): Pick<ErrorCause, "status"> =>
  status === undefined ? {} : { status };
