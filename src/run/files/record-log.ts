import { writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Clock, Timer } from "../../time/clock.ts";
import { syncFolder } from "./durable-file.ts";

/** The part of a file that a log uses. */
export interface LogHandle {
  /** Writes before it returns; where it exists, a record is with the system before the next request leaves. */
  writeNow?(data: Uint8Array): number;
  write(data: Uint8Array): Promise<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** How a log is kept. */
export interface RecordLogOptions {
  readonly handle: LogHandle;
  readonly clock: Clock;
  /** Called once, when the log can no longer be trusted. */
  readonly onFailure: (error: unknown) => void;
  /** The longest time that a written record waits to be made durable. @default 50 */
  readonly syncMs?: number;
  /** How much may wait to be written before `ready` makes the writer wait. @default 8 Mi characters */
  readonly maxWaiting?: number;
}

/**
 * Appends records, one a line: at once where the handle can, so that a run that is killed has sent nothing more than it
 * had in flight; else each batch with one `write`.
 *
 * After any failure nothing more is written: what the file holds beyond that point is unknown, and a retried sync
 * may report success for data that the system has dropped.
 */
export class RecordLog {
  readonly #options: Required<RecordLogOptions>;
  #waiting: Entry[] = [];
  #waitingLength = 0;
  #writing: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #dirty = false;
  #failure: { readonly error: unknown } | undefined;

  constructor({ syncMs = 50, maxWaiting = 8 * 1024 * 1024, ...rest }: RecordLogOptions) {
    this.#options = { syncMs, maxWaiting, ...rest };
  }

  /** Appends a line, its newline included; `accepted` is called when the system has it. */
  append(line: string, accepted: () => void): void {
    if (this.#failure !== undefined) return;
    if (this.#options.handle.writeNow !== undefined && this.#writing === undefined)
      return this.#appendNow(line, accepted);
    this.#waiting.push({ line, accepted });
    this.#waitingLength += line.length;
    this.#writing ??= this.#write();
  }

  /** Resolves when there is room for more; `undefined` when there is already. */
  ready(): Promise<void> | undefined {
    return this.#waitingLength > this.#options.maxWaiting ? this.#writing : undefined;
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

  #appendNow(line: string, accepted: () => void): void {
    const data = Buffer.from(line);
    try {
      for (let written = 0; written < data.length;) {
        const taken = this.#options.handle.writeNow?.(data.subarray(written)) ?? 0;
        if (taken === 0) throw cutShort(written, data.length);
        written += taken;
      }
    } catch (error) {
      return this.#fail(error);
    }
    this.#dirty = true;
    this.#scheduleSync();
    accepted();
  }

  /** Waits one turn first, so that what arrives together is written together. */
  async #write(): Promise<void> {
    await setImmediate();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (!(await this.#writeBatch(batch))) break;
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Entry[]): Promise<boolean> {
    const text = batch.map(({ line }) => line).join("");
    try {
      await this.#writeAll(Buffer.from(text));
    } catch (error) {
      this.#fail(error);
      return false;
    }
    this.#waitingLength -= text.length;
    this.#dirty = true;
    this.#scheduleSync();
    for (const { accepted } of batch) accepted();
    return true;
  }

  /** A system may take a part only; what the next write says about the rest is the reason, if there is one. */
  async #writeAll(data: Uint8Array): Promise<void> {
    for (let rest = data; rest.length > 0;) {
      const { bytesWritten } = await this.#options.handle.write(rest);
      if (bytesWritten === 0) throw cutShort(data.length - rest.length, data.length);
      rest = rest.subarray(bytesWritten);
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
    try {
      if (this.#failure === undefined) await this.#options.handle.datasync();
    } catch (error) {
      this.#fail(error);
    }
    this.#syncing = undefined;
    if (this.#dirty) this.#scheduleSync();
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#dirty = false;
    this.#options.onFailure(error);
  }
}

interface Entry {
  readonly line: string;
  readonly accepted: () => void;
}

const cutShort = (written: number, length: number): Error =>
  new Error(`only ${written} of ${length} bytes could be written`);

/** Opens a file for appending, and makes its name durable when it is new. */
export const openLogFile = async (path: string): Promise<LogHandle> => {
  const handle = await open(path, "a");
  if ((await handle.stat()).size === 0) await syncFolder(dirname(path));
  return {
    writeNow: (data) => writeSync(handle.fd, data),
    write: (data) => handle.write(data),
    datasync: () => handle.datasync(),
    close: () => handle.close(),
  };
};

/** A file that is opened, and so made, when something is first written to it. */
export const lazyLogFile = (path: string): LogHandle => {
  let opened: LogHandle | undefined;
  return {
    write: async (data) => {
      opened ??= await openLogFile(path);
      return opened.write(data);
    },
    datasync: async () => opened?.datasync(),
    close: async () => opened?.close(),
  };
};
