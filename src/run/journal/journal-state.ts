import type { Money } from "../../call/money.ts";
import type { Fs } from "../files/fs.ts";
import { tooNew } from "../run-error.ts";
import type { IdHash } from "../source/id-hash.ts";
import type { RowIndex } from "../source/row-index.ts";
import { Bitmap } from "./bitmap.ts";
import { type Frame, frameBytes, journalVersion } from "./frame.ts";
import { readFrames } from "./frames-file.ts";
import { type Debt, Payments } from "./payments.ts";

/** A frame about an answer. */
type DoneFrame = Extract<Frame, { kind: "done" }>;

/** An answer that the journal notes, and its row where that is in the input: to look for a row of very many takes time. */
interface UnsyncedAnswer {
  readonly frame: DoneFrame;
  readonly row: number | undefined;
}

/** What a journal says. */
export interface JournalState {
  /** Whether there is one. */
  readonly found: boolean;
  /** Whether it was left as a run leaves it that has ended: all of it can be read, and all that it notes is durable. */
  readonly isComplete: boolean;
  /** Answers below `synced` of rows that are not in the input. */
  readonly strangers: number;
  /** Whether the places that it tells are those of the truth as it is. */
  readonly placesHold: boolean;
  readonly damagedFrames: number;
  /** The truth was durable up to there. */
  readonly synced: number;
  /** Answers below `synced`. */
  readonly done: Bitmap;
  /** Answers of which it is not known whether they have become durable. */
  readonly unsynced: readonly UnsyncedAnswer[];
  readonly payments: Payments;
  /** Rows whose requests were on their way at the end. */
  readonly inFlight: number;
  /** What may have been charged for rows that are not in the input now; they may be in the next one. */
  readonly strangerDebts: ReadonlyMap<string, StrangerDebt>;
}

/** What may have been charged for a row that is not in the input. */
interface StrangerDebt extends Debt {
  readonly id: IdHash;
}

/**
 * Reads a journal as far as it can be read.
 *
 * @throws RunError when a later version of this program wrote it
 */
export const readJournal = async (fs: Fs, path: string, index: RowIndex): Promise<JournalState> => {
  const reading = new JournalReading(index);
  for await (const { frames, damaged } of readFrames(fs, path)) {
    reading.damagedFrames += damaged;
    for (const frame of frames) reading.take(frame);
    const { version = 0 } = reading;
    if (version > journalVersion) throw tooNew(path, version, journalVersion);
  }
  reading.end((await fs.stat(path))?.size ?? 0);
  return reading;
};

class JournalReading implements JournalState {
  readonly #index: RowIndex;
  readonly done: Bitmap;
  readonly payments: Payments;
  readonly strangerDebts = new Map<string, StrangerDebt>();
  unsynced: UnsyncedAnswer[] = [];
  damagedFrames = 0;
  synced = 0;
  inFlight = 0;
  strangers = 0;
  version: number | undefined;
  isComplete = false;
  #moved = false;
  #bytes = 0;
  #last: Frame["kind"] | undefined;

  constructor(index: RowIndex) {
    this.#index = index;
    this.done = new Bitmap(index.rows);
    this.payments = new Payments(index.rows);
  }

  get found(): boolean {
    return this.version !== undefined;
  }

  get placesHold(): boolean {
    return this.found && !this.#moved && this.damagedFrames === 0;
  }

  take(frame: Frame): void {
    this.#bytes += frameBytes;
    this.#last = frame.kind;
    switch (frame.kind) {
      case "header":
        this.version ??= frame.version;
        return;
      case "sent":
        return this.#sent(frame.id, frame.atMost);
      case "unpaid":
        return this.#unpaid(frame.id);
      case "done":
        return this.#done(frame);
      case "synced":
        return this.#synced(frame.offset);
      case "moved":
        this.#moved = true;
        return;
      case "debt":
        return this.#owe(frame.id, frame);
      case "tally":
        return this.payments.tally(frame.count, frame.atMost);
    }
  }

  end(size: number): void {
    this.inFlight = this.payments.endAll();
    const isRead = this.#bytes === size && this.#last === "synced";
    this.isComplete = this.placesHold && isRead && this.inFlight === 0 && this.unsynced.length === 0;
  }

  #sent(id: IdHash, atMost: Money | undefined): void {
    const row = this.#index.findHash(id);
    if (row !== undefined) return this.payments.sent(row, atMost);
    const { count = 0 } = this.strangerDebts.get(keyOf(id)) ?? {};
    this.strangerDebts.set(keyOf(id), { id, count: count + 1, atMost });
  }

  #unpaid(id: IdHash): void {
    const row = this.#index.findHash(id);
    if (row !== undefined) return this.payments.unpaid(row);
    const debt = this.strangerDebts.get(keyOf(id));
    if (debt === undefined || debt.count <= 1) this.strangerDebts.delete(keyOf(id));
    else this.strangerDebts.set(keyOf(id), { ...debt, count: debt.count - 1 });
  }

  #done(frame: DoneFrame): void {
    const row = this.#index.findHash(frame.id);
    if (row === undefined) this.strangerDebts.delete(keyOf(frame.id));
    else this.payments.done(row);
    this.unsynced.push({ frame, row });
  }

  #synced(offset: number): void {
    this.synced = Math.max(this.synced, offset);
    this.unsynced = this.unsynced.filter(({ frame, row }) => {
      if (frame.offset + frame.length > offset) return true;
      if (row === undefined) this.strangers += 1;
      else this.done.add(row);
      return false;
    });
  }

  #owe(id: IdHash, { count, atMost }: Debt): void {
    const row = this.#index.findHash(id);
    if (row === undefined) this.strangerDebts.set(keyOf(id), { id, count, atMost });
    else this.payments.owe(row, { count, atMost });
  }
}

const keyOf = ({ high, low }: IdHash): string => `${high} ${low}`;
