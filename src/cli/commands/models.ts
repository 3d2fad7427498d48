import { CallError } from "../../call/call-error.ts";
import { listModels, type ModelEntry } from "../../provider/model-list.ts";
import { systemClock } from "../../time/system-clock.ts";
import { ProviderTable } from "../../client/provider-table.ts";
import { customVendor } from "../../provider/custom-vendor.ts";
import { createPriceBook } from "../../provider/prices/price-book.ts";
import type { PriceOverrides } from "../../provider/prices/price-overrides.ts";
import { type LookWords, lookWords } from "../display/look-words.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { knownProviders } from "../models/known-providers.ts";
import { type ModelDetails, modelCount, modelTable, providerTable } from "../models/model-tables.ts";
import { priceDetails } from "../models/price-details.ts";
import { CallFailure } from "../run/call-failure.ts";
import { directTransport } from "../run/direct-transport.ts";
import { inTime, Late } from "../run/in-time.ts";
import { type LiveTarget, sendableTargets } from "../run/live-target.ts";
import type { ConfigFlags, DisplayFlags } from "../run/run-flags.ts";
import type { TargetSettings } from "../run/run-target.ts";
import { settledOn } from "../run/settled.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { stopAtOnce } from "../run/stop-at-once.ts";
import { signalExitCode } from "../run/stop-signals.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice models`, as they were typed. */
export interface ModelsFlags {
  readonly live?: boolean;
  readonly model?: string;
  readonly baseUrl?: string;
}

/** `sluice models`: the known providers, or what one of them offers. @throws UsageError, CallFailure */
export const models = async (
  filter: string | undefined,
  flags: ModelsFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> =>
  flags.live === true || flags.baseUrl !== undefined ? liveModels(filter, flags, host) : listed(filter, flags, host);

const listed = async (
  filter: string | undefined,
  flags: ModelsFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> => {
  const { targets } = await settledOn(flags, host);
  const providers = knownProviders(targets, host.environment, filter);
  const write = stdoutWriter(host.stdout);
  if (flags.json === true) {
    await write(`${JSON.stringify(providers, null, 2)}\n`);
    return 0;
  }
  if (providers.length === 0) {
    throw new UsageError(`no known provider has ${JSON.stringify(filter)} in its name`, [
      "all        sluice models",
      "or look    sluice models TEXT --live -m provider   among the models that a provider offers",
    ]);
  }
  await write(lines(providerTable(providers, stdoutStyle(flags, host), lookWords(wantsChinese(host.environment)))));
  return 0;
};

const liveModels = async (
  filter = "",
  flags: ModelsFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> => {
  const { configured, targets } = await settledOn(flags, host);
  const { model = configured.baseURL === undefined ? undefined : "custom" } = configured;
  if (model === undefined) throw noProvider();
  const [target] = sendableTargets(model, targets, host.environment);
  if (target === undefined) throw noProvider();
  const all = await fetched(target, model, flags, host);
  if (typeof all === "number") return all;
  const found = all.filter(({ id }) => id.toLowerCase().includes(filter.toLowerCase()));
  const write = stdoutWriter(host.stdout);
  if (flags.json === true) {
    await write(
      `${JSON.stringify(
        found.map(({ id, contextTokens }) => entryJson(id, contextTokens)),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  const words = lookWords(wantsChinese(host.environment));
  const details = await pricesOf(target.provider, configured.prices, targets, host, words);
  await write(lines(modelTable(found, stdoutStyle(flags, host), words, details)));
  host.stderr.write(`${modelCount(found.length, all.length, words)}\n`);
  return 0;
};

/** A server at an address of the user's has only prices of the user's. */
const pricesOf = async (
  provider: string,
  prices: PriceOverrides | undefined,
  targets: TargetSettings,
  { environment }: Host,
  words: LookWords,
): Promise<ModelDetails> => {
  const { pricedAs } = new ProviderTable(targets, environment);
  const pricedBy = pricedAs(provider);
  if (prices === undefined && (pricedBy === undefined || pricedBy === customVendor.name)) return {};
  const book = createPriceBook({ pricedAs, ...(prices === undefined ? {} : { overrides: prices }) });
  await book.load();
  return priceDetails(book, provider, words.priceUnknown);
};

const entryJson = (id: string, contextTokens: number | undefined): object => ({
  id,
  context_tokens: contextTokens ?? null,
});

/** The models, or the exit code when a signal came first. */
const fetched = async (
  target: LiveTarget,
  model: string,
  { baseUrl }: ModelsFlags,
  host: Host,
): Promise<readonly ModelEntry[] | number> => {
  const stop = stopAtOnce(host, () => systemClock.now(), signalExitCode);
  const transport = directTransport(patienceMs);
  try {
    return await inTime(patienceMs, (signal) => listModels(target, transport, signal), stop.signal);
  } catch (error) {
    if (stop.received !== undefined) return signalExitCode(stop.received);
    throw new CallFailure(asCallError(error, target), { target, model, baseURL: baseUrl });
  } finally {
    stop[Symbol.dispose]();
    await transport.close();
  }
};

const patienceMs = 20_000;

const asCallError = (error: unknown, { vendor }: LiveTarget): CallError => {
  if (error instanceof CallError) return error;
  if (error instanceof Late) {
    return new CallError("network", `${vendor.name} did not send its list of models within ${patienceMs / 1000} s`);
  }
  throw error;
};

const noProvider = (): UsageError =>
  new UsageError("--live needs to know whom to ask", [
    "fix        sluice models --live -m openai",
    "or         sluice models --live --base-url http://localhost:8000/v1",
  ]);

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");
