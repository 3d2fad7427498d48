import type { Clock } from "../time/clock.ts";
import { type Rng, seededRng } from "../time/rng.ts";
import { type Account, accountQuotas, type AccountQuota, openAccount } from "./account.ts";
import { admit, type Refusal } from "./admission.ts";
import { MeteredQuota } from "./metered-quota.ts";
import { OutputTicker } from "./output-ticker.ts";
import { readQuotas, type StatedQuota } from "./read-quotas.ts";
import { SaturatingClock } from "./saturating-clock.ts";
import type { DrawnLatency } from "./usual-latency.ts";
import { type VirtualEnding, VirtualLedger } from "./virtual-ledger.ts";
import type { VirtualSettings } from "./virtual-settings.ts";

/** What one call takes of the server. */
export interface Burden {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What is allowed for the output; its own length where nothing is said. */
  readonly outputBound: number;
  /** Whether the bound cut the answer short. */
  readonly isCut: boolean;
}

/** What all the calls to a provider on a clock share. */
export class VirtualServer {
  readonly clock: Clock;
  /** The time of calls that are being served. */
  readonly service: Clock;
  readonly ticker: OutputTicker;
  readonly ledger: VirtualLedger;
  readonly settings: VirtualSettings;
  readonly #account: Account;
  readonly #quotas: readonly AccountQuota[];
  readonly #metered: MeteredQuota[] = [];
  readonly #saturating: SaturatingClock | undefined;
  readonly #rng: Rng;
  readonly #startedAt: number;

  constructor(settings: VirtualSettings) {
    const { clock, seed, kneeConcurrent } = settings;
    this.settings = settings;
    this.clock = clock;
    this.#startedAt = clock.now();
    this.#rng = seededRng(seed);
    this.#saturating = kneeConcurrent === undefined ? undefined : new SaturatingClock(clock, kneeConcurrent);
    this.service = this.#saturating ?? clock;
    this.ticker = new OutputTicker(clock);
    this.#account = openAccount(settings, clock.now(), (quota, unit) => {
      const metered = new MeteredQuota(quota, unit, clock);
      this.#metered.push(metered);
      return metered;
    });
    this.#quotas = accountQuotas(this.#account);
    this.ledger = new VirtualLedger(clock, this.#metered);
  }

  /** Whether output has to be charged while it is produced. */
  get chargesOutput(): boolean {
    return this.#account.output !== undefined;
  }

  /** Draws one way through the network. */
  networkMs(): number {
    const { networkMs } = this.settings;
    return typeof networkMs === "number" ? networkMs : networkMs(this.#rng);
  }

  isDown(now: number): boolean {
    const at = now - this.#startedAt;
    return this.settings.outages.some(({ fromMs, toMs }) => at >= fromMs && at < toMs);
  }

  /** Begins to serve a call, or says why not. */
  admit(now: number, { inputTokens, outputBound }: Burden): Refusal | undefined {
    const tokens = this.settings.tokenCharge === "bound" ? inputTokens + outputBound : inputTokens;
    const refused = admit(this.#account, { now, tokens, inputTokens, inFlight: this.ledger.inFlight });
    if (refused === undefined) {
      this.ledger.grant(now, tokens, inputTokens);
      this.#saturating?.enter();
    } else this.ledger.refuse(now, refused.reason);
    return refused;
  }

  /** What the headers say at this moment; undefined where there are none. */
  reading(now: number): readonly StatedQuota[] | undefined {
    const { headers, headerQuantum } = this.settings;
    return headers ? readQuotas(this.#quotas, now, headerQuantum) : undefined;
  }

  /** Draws how long a call takes that nothing slows down, and whether it fails with its first token. */
  draw({ inputTokens, outputTokens }: Burden): DrawnLatency & { readonly fails: boolean } {
    const { latency, latencyScale, faults, hangs } = this.settings;
    const { firstMs, totalMs } = latency(this.#rng, inputTokens, outputTokens);
    const fails = faults > 0 && this.#rng() < faults;
    const factor = hangs > 0 && this.#rng() < hangs ? latencyScale * hangFactor : latencyScale;
    return { firstMs: firstMs * factor, totalMs: totalMs * factor, fails };
  }

  /** Charges output that has been produced. */
  produce(now: number, tokens: number): void {
    this.#account.output?.charge(now, tokens);
    for (const quota of this.#metered) if (quota.unit === "output") quota.give(now, tokens);
  }

  /** Ends the service of a call that has produced so much. */
  end(now: number, ending: VirtualEnding, inputTokens: number, outputTokens: number): void {
    this.#saturating?.leave();
    this.ledger.end(now, ending, inputTokens, outputTokens);
    if (this.settings.tokenCharge === "bound") return;
    this.#account.tokens?.charge(now, outputTokens);
    for (const quota of this.#metered) if (quota.unit === "total") quota.give(now, outputTokens);
  }
}

const hangFactor = 10;
