import { onAbort } from "../../time/on-abort.ts";
import { unwritable } from "../run-error.ts";
import { appendAll } from "./durable-file.ts";
import type { Fs } from "./fs.ts";

/** What can be read once. A stream is one; it is destroyed when nobody waits for it any more. */
export interface Stdin extends AsyncIterable<Uint8Array> {
  destroy?(): unknown;
}

/** Copies what can be read only once into a file, so that it can be validated before it is sent. */
export const spool = async (fs: Fs, stdin: Stdin, path: string, signal: AbortSignal): Promise<void> => {
  const heard = untilAborted(signal);
  const iterator = stdin[Symbol.asyncIterator]();
  const file = await fs.open(path, "replace").catch((error: unknown) => {
    throw unwritable(path, error, keptThere);
  });
  try {
    while (true) {
      const pull = iterator.next();
      // A terminal may stay silent for ever, so the signal is heard while a pull is pending.
      const pulled = await Promise.race([pull, heard.promise]);
      if (pulled === undefined) {
        pull.catch(() => {});
        stdin.destroy?.();
        throw signal.reason;
      }
      if (pulled.done === true) return;
      await appendAll(file, pulled.value).catch((error: unknown) => {
        throw unwritable(path, error, keptThere);
      });
    }
  } finally {
    heard.release();
    await file.close();
  }
};

const keptThere = "the standard input is kept there while the run lasts";

/** A promise that resolves when the signal aborts, until it is released. */
const untilAborted = (signal: AbortSignal): { readonly promise: Promise<undefined>; readonly release: () => void } => {
  let release = (): void => {};
  const promise = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    release = onAbort(signal, () => resolve(undefined));
  });
  return { promise, release };
};
