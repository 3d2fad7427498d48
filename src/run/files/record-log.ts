import { crc32 } from "node:zlib";
import { setImmediate } from "node:timers/promises";
import type { Clock, Timer } from "../../time/clock.ts";
import { appendAll, cutShort } from "./durable-file.ts";
import type { FsFile } from "./fs.ts";

/** The part of a file that a log uses; without `appendNow`, what is appended together is written together. */
export type LogHandle = Pick<FsFile, "append" | "datasync" | "close"> & Partial<Pick<FsFile, "appendNow">>;

/** Where a line stands, and a checksum of its bytes. */
export interface LinePlace {
  readonly offset: number;
  /** Its newline included. */
  readonly length: number;
  /** CRC-32. */
  readonly checksum: number;
}

/** How a log is kept. */
export interface RecordLogOptions {
  readonly handle: LogHandle;
  readonly clock: Clock;
  /** Called once, when the log can no longer be trusted. */
  readonly onFailure: (error: unknown) => void;
  /** Where the first line goes. @default 0 */
  readonly offset?: number;
  /** Asked when the disk is full; whether there is room now. @default nothing can be done */
  readonly onFull?: (error: unknown) => Promise<boolean>;
  /** Called after a sync: all bytes below are durable. */
  readonly onSynced?: (offset: number) => Promise<void>;
  /** The longest time that a written record waits to be made durable. @default 50 */
  readonly syncMs?: number;
  /** How much may wait to be written before `ready` makes the writer wait. @default 8 MiB */
  readonly maxWaitingBytes?: number;
}

/**
 * Appends records, one a line: at once where the handle can, so that a run that is killed has sent nothing more than it
 * had in flight; else each batch with one `append`.
 *
 * After any failure nothing more is written: what the file holds beyond that point is unknown, and a retried sync
 * may report success for data that the system has dropped.
 */
export class RecordLog {
  readonly #options: Required<RecordLogOptions>;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #offset: number;
  #writing: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #dirty = false;
  #failed = false;

  constructor({
    syncMs = 50,
    maxWaitingBytes = 8 * 1024 * 1024,
    offset = 0,
    onFull = async () => false,
    onSynced = async () => {},
    ...rest
  }: RecordLogOptions) {
    this.#options = { syncMs, maxWaitingBytes, offset, onFull, onSynced, ...rest };
    this.#offset = offset;
  }

  /** Appends a line, its newline included; `accepted` is called when the system has it. */
  append(line: string, accepted: (place: LinePlace) => void): void {
    if (this.#failed) return;
    const entry = { data: Buffer.from(line), written: 0, accepted };
    if (this.#writing !== undefined || this.#options.handle.appendNow === undefined) return this.#wait(entry);
    this.#appendNow(entry, this.#options.handle.appendNow.bind(this.#options.handle));
  }

  /** Resolves when there is room for more; `undefined` when there is already. */
  ready(): Promise<void> | undefined {
    return this.#waitingBytes > this.#options.maxWaitingBytes ? this.#writing : undefined;
  }

  /** Resolves when everything appended is durable, or the log has failed. */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#syncing;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#dirty) await this.#sync();
  }

  /** Writes and syncs what waits, and closes the file. */
  async close(): Promise<void> {
    await this.flush();
    try {
      await this.#options.handle.close();
    } catch (error) {
      this.#fail(error);
    }
  }

  #appendNow(entry: Entry, append: (data: Uint8Array) => number): void {
    const { data } = entry;
    try {
      while (entry.written < data.length) {
        const taken = append(entry.written === 0 ? data : data.subarray(entry.written));
        if (taken === 0) throw cutShort(entry.written, data.length);
        entry.written += taken;
      }
    } catch (error) {
      return this.#wait(entry, error);
    }
    this.#accept(entry);
  }

  #accept({ data, accepted }: Entry): void {
    const place = { offset: this.#offset, length: data.length, checksum: crc32(data) };
    this.#offset += data.length;
    this.#dirty = true;
    this.#scheduleSync();
    accepted(place);
  }

  #wait(entry: Entry, error?: unknown): void {
    this.#waiting.push(entry);
    this.#waitingBytes += entry.data.length;
    this.#writing ??= this.#write(error);
  }

  /** Waits one turn first, so that what arrives together is written together. */
  async #write(error: unknown): Promise<void> {
    if (error === undefined) await setImmediate();
    else if (!(await this.#options.onFull(error))) this.#fail(error);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (!(await this.#writeBatch(batch))) break;
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Entry[]): Promise<boolean> {
    const data = Buffer.concat(batch.map(({ data: bytes, written }) => bytes.subarray(written)));
    try {
      await this.#appendAll(data);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    for (const entry of batch) {
      this.#waitingBytes -= entry.data.length;
      this.#accept(entry);
    }
    return true;
  }

  /** A disk that is full may have room again, once: what was taken before it said so has been counted. */
  async #appendAll(data: Uint8Array): Promise<void> {
    const { handle, onFull } = this.#options;
    let written = 0;
    const counted = {
      append: async (rest: Uint8Array): Promise<number> => {
        const taken = await handle.append(rest);
        written += taken;
        return taken;
      },
    };
    try {
      await appendAll(counted, data);
    } catch (error) {
      if (!(await onFull(error))) throw error;
      await appendAll(handle, data.subarray(written));
    }
  }

  #scheduleSync(): void {
    if (this.#timer !== undefined || this.#syncing !== undefined) return;
    const { clock, syncMs } = this.#options;
    this.#timer = clock.schedule(clock.now() + syncMs, () => {
      this.#timer = undefined;
      this.#syncing = this.#sync();
    });
  }

  async #sync(): Promise<void> {
    this.#dirty = false;
    const durable = this.#offset;
    try {
      if (!this.#failed) {
        await this.#options.handle.datasync();
        await this.#options.onSynced(durable);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#syncing = undefined;
    if (this.#dirty) this.#scheduleSync();
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#dirty = false;
    this.#options.onFailure(error);
  }
}

interface Entry {
  readonly data: Buffer;
  /** How much of it the system has taken already. */
  written: number;
  readonly accepted: (place: LinePlace) => void;
}
