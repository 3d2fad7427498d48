import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";

/** Where the body of an answer goes. */
export interface Outlet {
  write(text: string, written?: () => void): void;
  /** The last of it. */
  end(text: string): void;
}

/** Sends each byte alone. Bytes of one turn of the event loop would arrive together, so each has a turn of its own. */
export const bytewiseOutlet = (response: ServerResponse): Outlet => {
  let sent: Promise<void> = Promise.resolve();
  const send = async (text: string): Promise<void> => {
    for (const byte of Buffer.from(text)) {
      if (response.destroyed) return;
      response.write(Uint8Array.of(byte));
      await setImmediate();
    }
  };
  const queued = (text: string, then?: () => void): void => {
    sent = sent.then(() => send(text)).then(then);
  };
  return { write: queued, end: (text) => queued(text, () => response.end()) };
};
