import type { Money } from "../../call/money.ts";
import { cutShort } from "../files/durable-file.ts";
import type { Fs, FsFile } from "../files/fs.ts";
import type { LinePlace } from "../files/record-log.ts";
import type { IdHash } from "../source/id-hash.ts";
import { type Frame, frameBytes, writeFrame } from "./frame.ts";

/** Remembers which rows were sent and where answers stand, so that a run that dies can say what may have been paid for. */
export interface Journal {
  /** The request is about to leave. With the system when the call returns true, so it precedes what follows; else it must not leave. */
  readonly sent: (id: IdHash, attempt: number, atMost: Money | undefined) => boolean;
  /** An attempt has ended and was certainly not charged. */
  readonly unpaid: (id: IdHash) => void;
  /** The row's answer stands there in the truth. */
  readonly done: (id: IdHash, place: LinePlace) => void;
  /** The truth is durable up to there; makes what was noted so far durable too. */
  readonly synced: (offset: number) => Promise<void>;
  /** The truth is about to be put into another order. Resolves when that is durable. */
  readonly moved: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a journal that was recovered for appending.
 *
 * What cannot be written is told to `onFailure`, once; nothing is written after it.
 */
export const openJournal = async (fs: Fs, path: string, onFailure: (error: unknown) => void): Promise<Journal> => {
  const file = await fs.open(path, "append");
  return new FileJournal(file, onFailure);
};

class FileJournal implements Journal {
  readonly #file: FsFile;
  readonly #onFailure: (error: unknown) => void;
  readonly #frame = new Uint8Array(frameBytes);
  readonly #view = new DataView(this.#frame.buffer);
  #usable = true;

  constructor(file: FsFile, onFailure: (error: unknown) => void) {
    this.#file = file;
    this.#onFailure = onFailure;
  }

  readonly sent = (id: IdHash, attempt: number, atMost: Money | undefined): boolean => {
    this.#write({ kind: "sent", id, attempt, atMost });
    return this.#usable;
  };

  readonly unpaid = (id: IdHash): void => this.#write({ kind: "unpaid", id });

  readonly done = (id: IdHash, { offset, length, checksum }: LinePlace): void =>
    this.#write({ kind: "done", id, offset, length, checksum });

  readonly synced = async (offset: number): Promise<void> => {
    this.#write({ kind: "synced", offset });
    await this.#sync();
  };

  readonly moved = async (): Promise<void> => {
    this.#write({ kind: "moved" });
    await this.#sync();
  };

  readonly close = async (): Promise<void> => {
    this.#usable = false;
    await this.#file.close();
  };

  /** Frames stand at multiples of their length, so after one that was cut nothing may follow. */
  #write(frame: Frame): void {
    if (!this.#usable) return;
    writeFrame(frame, this.#view);
    try {
      const taken = this.#file.appendNow(this.#frame);
      if (taken < frameBytes) throw cutShort(taken, frameBytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #sync(): Promise<void> {
    if (!this.#usable) return;
    try {
      await this.#file.datasync();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#usable) return;
    this.#usable = false;
    this.#onFailure(error);
  }
}
