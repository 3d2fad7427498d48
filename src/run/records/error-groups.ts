import type { CallErrorCode } from "../../call/call-error.ts";

/** Failed rows of one kind. */
export interface ErrorGroup {
  readonly code: CallErrorCode;
  readonly status?: number;
  readonly count: number;
  /** The message of one of them. */
  readonly message: string;
  /** The ids of the first of them. */
  readonly ids: readonly string[];
  /** Whether running the same command again sends them again. */
  readonly retryable: boolean;
}

/** What a group needs to know of a failed row. */
export interface FailedRow {
  readonly id: string;
  readonly code: CallErrorCode;
  readonly status?: number;
  readonly message: string;
  /** Whether running the same command again sends it again. */
  readonly retryable: boolean;
}

const shownIds = 5;

/** Counts failures by code and status; memory stays flat because both are closed lists. */
export class ErrorGroups {
  readonly #groups = new Map<string, { first: FailedRow; count: number; ids: string[] }>();

  add(row: FailedRow): void {
    const key = `${row.code} ${row.status ?? "-"}`;
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, { first: row, count: 1, ids: [row.id] });
      return;
    }
    group.count += 1;
    if (group.ids.length < shownIds) group.ids.push(row.id);
  }

  /** Most frequent first. */
  list(): ErrorGroup[] {
    return [...this.#groups.values()]
      .sort((one, other) => other.count - one.count)
      .map(({ first, count, ids }) => ({
        code: first.code,
        ...(first.status === undefined ? {} : { status: first.status }),
        count,
        message: first.message,
        ids,
        retryable: first.retryable,
      }));
  }
}
