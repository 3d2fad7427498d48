import { cancellation } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { ContentKey } from "./content-key.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** A reply that is kept. */
export interface StoredReply {
  readonly reply: Reply;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** Keeps replies by the content of their calls. It may forget any of them at any time. */
export interface ResponseStore {
  get(key: string): Promise<StoredReply | undefined>;
  /** Returns when there is room for more. */
  put(key: string, stored: StoredReply): Promise<void>;
}

/** What a cache of responses needs. */
export interface ResponseCacheOptions {
  readonly store: ResponseStore;
  readonly key: ContentKey;
  /** What is older is asked for anew. @default Infinity */
  readonly maxAgeMs?: number;
  /** The text of an answer, for readers of a stream. */
  readonly text: (call: Call, reply: Reply) => string;
  /** Told what the store failed with; the call goes on without it. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Answers a call that was answered before from a store: without a permit, an attempt or a cost. Only whole successes are
 * kept. A store that fails is as good as none.
 */
export const responseCache = (options: ResponseCacheOptions): Layer => {
  const { key } = options;
  return (next) =>
    async function responseCache(call, context) {
      const name = key(call, context);
      if (name === undefined) return next(call, context);
      const found = isToBeMade(context) ? undefined : await look(options, name, context);
      if (found !== undefined) return handOver(options, call, found, context);
      const reply = await next(call, context);
      await keep(options, name, reply, context);
      return reply;
    };
};

/** The reader of an SDK's stream wants the provider's own events, which are not kept. */
const isToBeMade = ({ fresh, address, onEvent }: Context): boolean =>
  fresh === true || (address !== undefined && onEvent !== undefined);

const look = async (
  { store, maxAgeMs = Infinity, onFailure }: ResponseCacheOptions,
  name: string,
  { clock, signal }: Context,
): Promise<Reply | undefined> => {
  try {
    const found = await unlessAborted(store.get(name), signal);
    return found !== undefined && clock.wallNow() - found.storedAt <= maxAgeMs ? found.reply : undefined;
  } catch (error) {
    if (signal.aborted) throw cancellation(signal.reason);
    onFailure(error);
    return undefined;
  }
};

/** Who reads a stream gets the whole text at once. */
const handOver = async (
  { text }: ResponseCacheOptions,
  call: Call,
  found: Reply,
  { onEvent, signal }: Context,
): Promise<Reply> => {
  const reply: Reply = { ...found, reused: "cache" };
  try {
    const wait = onEvent?.({ body: reply.body, text: text(call, reply), content: true });
    if (wait !== undefined) await unlessAborted(wait, signal);
  } catch (error) {
    throw cancellation(error);
  }
  return reply;
};

const keep = async (
  { store, onFailure }: ResponseCacheOptions,
  name: string,
  { status, body, usage, requestId, deployment, reused }: Reply,
  { clock, signal }: Context,
): Promise<void> => {
  if (status !== 200 || reused !== undefined) return;
  const known = { ...(usage !== undefined && { usage }), ...(requestId !== undefined && { requestId }) };
  const stored = { reply: { status, body, ...known, deployment }, storedAt: clock.wallNow() };
  try {
    await unlessAborted(store.put(name, stored), signal);
  } catch (error) {
    if (!signal.aborted) onFailure(error);
  }
};
