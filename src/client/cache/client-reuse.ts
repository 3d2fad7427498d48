import type { Layer } from "../../call/handler.ts";
import { wireFormat } from "../../provider/wire-formats.ts";
import { coalesce } from "../../reuse/coalesce.ts";
import { responseCache } from "../../reuse/response-cache.ts";
import type { Clock } from "../../time/clock.ts";
import type { ControllerSource } from "../../time/controller-source.ts";
import type { Rng } from "../../time/rng.ts";
import { warnOnce } from "../environment.ts";
import type { LLMOptions } from "../llm-options.ts";
import type { ProviderTable } from "../provider-table.ts";
import { cacheSettings } from "./cache-options.ts";
import { contentKeys } from "./content-key.ts";
import { DiskCache } from "./disk-cache.ts";

/** What lets one answer serve several calls of a client. */
export interface ClientReuse {
  readonly layers: readonly Layer[];
  /** Returns when all answers that are to be kept are on disk. */
  readonly close: () => Promise<void>;
}

/** What the layers are made of beside the client's options. */
export interface ReuseParts {
  readonly table: ProviderTable;
  readonly controllers: ControllerSource;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** The layers that a client's options ask for; none by default. */
export const clientReuse = (options: LLMOptions, { table, controllers, clock, rng }: ReuseParts): ClientReuse => {
  const { coalesce: coalescing = false, cache } = options;
  const key = contentKeys(addressOf(options, table));
  const shared = coalescing ? [coalesce({ key, controllers })] : [];
  if (cache === undefined) return { layers: shared, close: () => Promise.resolve() };
  const { folder, maxAgeMs, maxBytes } = cacheSettings(cache);
  const onFailure = warnOfCache(folder);
  const store = new DiskCache({ folder, maxBytes, clock, rng, onFailure });
  const cached = responseCache({
    store,
    key,
    maxAgeMs,
    text: ({ operation }, { body }) => wireFormat(operation).text(body),
    onFailure,
  });
  // Identical calls look once, and none can slip between a look and the answer that comes in just then.
  return { layers: [...shared, cached], close: () => store.close() };
};

/** What answers in place of a provider has no address. */
const addressOf =
  ({ handler }: LLMOptions, table: ProviderTable) =>
  (provider: string): string => {
    if (handler !== undefined) return "";
    try {
      return table.endpointsOf(provider)[0]?.baseURL ?? "";
    } catch {
      // A provider without a key or an address: its calls say so themselves.
      return "";
    }
  };

/** A full disk would say so with every answer. */
const warnOfCache = (folder: string): ((error: unknown) => void) => {
  let warned = false;
  return (error) => {
    if (warned) return;
    warned = true;
    const reason = error instanceof Error ? error.message : String(error);
    warnOnce(
      `The response cache in ${folder} does not work: ${reason}. Calls go on without it, and their answers may not be kept; ` +
        'make the folder writable, or give "cache" another one',
    );
  };
};
