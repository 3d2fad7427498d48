import { cancellation } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { VirtualAttempt } from "./virtual-attempt.ts";
import type { VirtualBooks } from "./virtual-books.ts";
import { VirtualServer } from "./virtual-server.ts";
import { type VirtualProviderOptions, virtualSettings } from "./virtual-settings.ts";

export type { VirtualBooks } from "./virtual-books.ts";
export type { VirtualProviderOptions } from "./virtual-settings.ts";

/** A provider without a network: the simulator's account behind a `Handler`. */
export interface VirtualProvider {
  readonly handle: Handler;
  /** What it has seen so far. */
  books(): VirtualBooks;
}

/** Makes a provider that lives on a clock: no HTTP, no text, as fast as arithmetic. */
export const createVirtualProvider = (options: VirtualProviderOptions): VirtualProvider => {
  const server = new VirtualServer(virtualSettings(options));
  return {
    handle: (call, context) =>
      new Promise((resolve, reject) => {
        if (context.signal.aborted) return reject(cancellation(context.signal.reason));
        new VirtualAttempt(server, call, context, { resolve, reject });
      }),
    books: () => server.ledger.books(),
  };
};
