import { replaceFile } from "../files/durable-file.ts";
import type { Fs } from "../files/fs.ts";
import { repairRecords } from "../records/record-file.ts";
import { inWords, systemCode, unwritable } from "../run-error.ts";
import { readChunks } from "../source/chunks.ts";
import { idHash } from "../source/id-hash.ts";
import type { RowIndex } from "../source/row-index.ts";
import { Bitmap } from "./bitmap.ts";
import { journalVersion } from "./frame.ts";
import { FrameChunks, readFrames } from "./frames-file.ts";
import { type JournalState, readJournal } from "./journal-state.ts";
import type { Payments } from "./payments.ts";
import { readTruth, type TruthLine, type TruthOptions } from "./truth-lines.ts";

/** What is recovered, and from where. */
export interface RecoverOptions {
  readonly fs: Fs;
  readonly truth: string;
  readonly journal: string;
  readonly index: RowIndex;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** What is known after a run has ended, however it ended. */
export interface Recovered {
  /** Whether a run has written here before. */
  readonly resumed: boolean;
  /** Rows that have been answered. */
  readonly done: Bitmap;
  readonly payments: Payments;
  /** Rows whose requests were on their way when the last process ended. */
  readonly inFlight: number;
  /** Answers of rows that are not in the input. */
  readonly strangers: number;
  /** The length of the truth. */
  readonly truthBytes: number;
}

/**
 * Finds out what is done, cuts off what a crash has left unfinished, and writes the journal anew unless it was left whole,
 * so that nothing is ever appended behind damage. Doing it twice, or half and then again, comes to the same.
 *
 * @throws RunError when the truth is damaged where no crash can have damaged it
 */
export const recover = async (options: RecoverOptions): Promise<Recovered> => {
  const { fs, truth, journal, index, warn } = options;
  const state = await readJournal(fs, journal, index).catch((error: unknown) => {
    throw inWords(journal, error);
  });
  if (state.damagedFrames > 0) {
    warn(`${journal} is damaged (${state.damagedFrames} remarks); what is done is read from ${truth} instead`);
  }
  const size = (await fs.stat(truth))?.size ?? 0;
  const known = state.found && size >= state.synced;
  if (!known) await repairRecords(fs, truth, warn);
  if (state.isComplete && size === state.synced && (await endsALine(options, size))) {
    const { done, payments, inFlight, strangers } = state;
    return { resumed: true, done, payments, inFlight, strangers, truthBytes: size };
  }
  const recovery = new Recovery(options, state, known);
  try {
    await replaceFile(fs, journal, recovery.journal());
  } catch (error) {
    // What the truth has to say of itself says where it stands.
    throw systemCode(error) === "" ? error : unwritable(journal, error, "the run folder must be writable");
  }
  return recovery;
};

class Recovery implements Recovered {
  readonly #options: RecoverOptions;
  readonly #state: JournalState;
  /** Whether the journal knows how much of the truth was durable. */
  readonly #known: boolean;
  readonly done: Bitmap;
  strangers = 0;
  truthBytes = 0;
  #cut: { readonly offset: number; readonly foreign: boolean } | undefined;

  constructor(options: RecoverOptions, state: JournalState, known: boolean) {
    this.#options = options;
    this.#state = state;
    this.#known = known;
    this.done = new Bitmap(options.index.rows);
  }

  get payments(): Payments {
    return this.#state.payments;
  }

  get resumed(): boolean {
    return this.#state.found;
  }

  get inFlight(): number {
    return this.#state.inFlight;
  }

  /** The journal as it is to be; what is known is known when its last frame has been taken. */
  async *journal(): AsyncGenerator<Uint8Array> {
    const chunks = new FrameChunks();
    chunks.add({ kind: "header", version: journalVersion });
    const keepsPlaces = this.#known && this.#state.placesHold && (await endsALine(this.#options, this.#state.synced));
    if (keepsPlaces) yield* this.#kept(chunks);
    for await (const lines of readTruth(this.#truthOptions(keepsPlaces ? this.#state.synced : 0))) {
      for (const line of lines) this.#take(line, chunks);
      yield* chunks.take();
    }
    await this.#settleTruth();
    this.#settlePayments(chunks);
    chunks.add({ kind: "synced", offset: this.truthBytes });
    yield* chunks.finish();
  }

  /** The places of what was durable. */
  async *#kept(chunks: FrameChunks): AsyncGenerator<Uint8Array> {
    const { fs, journal, index } = this.#options;
    for await (const { frames } of readFrames(fs, journal, "done")) {
      for (const frame of frames) {
        if (frame.kind !== "done" || frame.offset + frame.length > this.#state.synced) continue;
        const row = index.findHash(frame.id);
        if (row === undefined) this.strangers += 1;
        else this.done.add(row);
        chunks.add(frame);
      }
      yield* chunks.take();
    }
  }

  #truthOptions(from: number): TruthOptions {
    const { fs, truth, signal } = this.#options;
    const { unsynced, placesHold, synced } = this.#state;
    return {
      fs,
      path: truth,
      from,
      sureBelow: this.#known ? synced : Infinity,
      noted: new Map(placesHold ? unsynced.map(({ frame }) => [frame.offset, frame]) : []),
      signal,
      onCut: (offset, foreign) => (this.#cut = { offset, foreign }),
    };
  }

  #take({ customId, ok, offset, length, checksum }: TruthLine, chunks: FrameChunks): void {
    if (!ok) return;
    const id = idHash(customId);
    const row = this.#options.index.findHash(id);
    if (row === undefined) this.strangers += 1;
    else {
      if (!this.done.has(row)) this.payments.done(row);
      this.done.add(row);
    }
    chunks.add({ kind: "done", id, offset, length, checksum });
  }

  /** What is built upon must be durable. */
  async #settleTruth(): Promise<void> {
    const { fs, truth } = this.#options;
    const size = (await fs.stat(truth))?.size;
    if (size === undefined) return;
    this.truthBytes = this.#cut?.offset ?? size;
    try {
      await this.#makeDurable(size);
    } catch (error) {
      throw unwritable(truth, error, "choose another output with -o");
    }
  }

  async #makeDurable(size: number): Promise<void> {
    const { fs, truth, warn } = this.#options;
    const kept = this.#cut?.foreign === true ? await this.#keepCut() : undefined;
    const file = await fs.open(truth, "change");
    try {
      if (this.truthBytes < size) {
        await file.truncate(this.truthBytes);
        const cut = (size - this.truthBytes).toLocaleString("en");
        const where = kept === undefined ? "" : `, and are kept in ${kept}`;
        warn(`the end of ${truth} was torn; ${cut} bytes were cut off${where}; rows that are missing are sent again`);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Text that is no record may have been added by somebody. */
  async #keepCut(): Promise<string> {
    const { fs, truth, journal } = this.#options;
    const kept = `${journal}.cut-${this.truthBytes}`;
    await replaceFile(fs, kept, readChunks(truth, { fs, from: this.truthBytes }));
    return kept;
  }

  /** An answer that was there and is gone was paid for. */
  #settlePayments(chunks: FrameChunks): void {
    const { index } = this.#options;
    const { payments, done: noted, strangerDebts } = this.#state;
    for (let row = 0; row < index.rows; row++) {
      if (noted.has(row) && !this.done.has(row)) payments.owe(row, { count: 1, atMost: undefined });
    }
    for (const [row, { count, atMost }] of payments.debts()) {
      chunks.add({ kind: "debt", id: index.hashOf(row), count, atMost });
    }
    for (const debt of strangerDebts.values()) chunks.add({ kind: "debt", ...debt });
    const { count, atMost, unpriced } = payments.tallied();
    if (unpriced > 0) chunks.add({ kind: "tally", count: unpriced, atMost: undefined });
    atMost.forEach((sum, place) => {
      chunks.add({ kind: "tally", count: place === 0 ? count - unpriced : 0, atMost: sum });
    });
  }
}

const endsALine = async ({ fs, truth }: RecoverOptions, offset: number): Promise<boolean> => {
  if (offset === 0) return true;
  const file = await fs.open(truth, "read");
  try {
    const last = new Uint8Array(1);
    return (await file.read(last, offset - 1)) === 1 && last[0] === 0x0a;
  } finally {
    await file.close();
  }
};
