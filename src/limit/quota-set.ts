import type { CallError, ExceededQuota } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { QuotaLevel, QuotaReading } from "../call/limiter.ts";
import { AdaptiveSlots, type Ending } from "./adaptive-slots.ts";
import { type Amounts, amountsOf } from "./amounts.ts";
import { checkLearned } from "./check-learned.ts";
import { checkLimits } from "./check-limits.ts";
import type { Dimension, Unit } from "./dimension.ts";
import type { LearnedLimits } from "./learned-limits.ts";
import type { LimitStats } from "./limit-stats.ts";
import type { Limits } from "./limits.ts";
import { RateQuota } from "./rate-quota.ts";
import { type RateName, rateNames, rates } from "./rates.ts";
import type { StartLedger } from "./start-ledger.ts";
import { Slots } from "./slots.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A minute's quota is full again within a minute or little more; what takes longer counts the day. */
const longestMinuteResetMs = 90_000;
const largestGuess = 0.25;
/** An unnamed refusal is about a rate of which this much was in use. */
const suspiciousShare = 0.8;

/** All the limits of one pool: those that are configured, and those that are found out while it runs. */
export class QuotaSet {
  #limits: Limits;
  #slots: Slots | AdaptiveSlots;
  readonly #rates = new Map<RateName, RateQuota>();
  #dimensions: readonly Dimension[] = [];
  #shared: readonly Dimension[] = [];
  #started = false;

  /** @throws RangeError when a limit is out of range. */
  constructor(limits: Limits = {}, learned: LearnedLimits = {}, now = 0) {
    this.#limits = {};
    checkLimits(limits, rateNames);
    checkLearned(learned, rateNames);
    this.#slots = slotsOf(limits, learned.maxConcurrent);
    for (const { name, watched } of rates) {
      const known = learned.rates?.[name];
      if (watched === true || known !== undefined) this.#rate(name, now);
      if (known !== undefined) this.#rates.get(name)?.resume(now, known);
    }
    this.configure(now, limits);
    this.#started = true;
  }

  get dimensions(): readonly Dimension[] {
    return this.#dimensions;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Puts limits beside its own that it shares with other pools. */
  share(dimensions: readonly Dimension[]): void {
    this.#shared = dimensions;
    this.#list();
  }

  /** What was started of a rate's unit. */
  historyOf(name: keyof Limits): StartLedger | undefined {
    const unit = rates.find((rate) => rate.name === name)?.unit;
    return [...this.#rates.values()].find((rate) => rate.unit === unit)?.ledger;
  }

  /** How many calls may be in flight as things stand. */
  get concurrency(): number {
    return this.#slots.largest;
  }

  get adaptive(): boolean {
    return this.#slots instanceof AdaptiveSlots;
  }

  /** Whether any rate keeps starts apart. */
  get paces(): boolean {
    for (const rate of this.#rates.values()) if (rate.paces) return true;
    return false;
  }

  /** Sets the named limits; what was started before counts. @throws RangeError */
  configure(now: number, limits: Limits): void {
    checkLimits(limits, rateNames);
    const { maxConcurrent } = limits;
    if (maxConcurrent !== undefined && !isSame(maxConcurrent, this.#limits.maxConcurrent)) {
      this.#slots = slotsOf(limits, undefined, this.#slots);
    }
    for (const { name } of rates) if (limits[name] !== undefined) this.#rate(name, now).configure(now, limits[name]);
    this.#limits = { ...this.#limits, ...limits };
    this.#list();
  }

  /** What a call reserves. A mere guess of its output takes no more than a part of a limit that only the provider has told. */
  amountsOf(demand: Demand): Amounts {
    if (demand.outputIsGuess !== true) return amountsOf(demand, this.#limits);
    let outputTokens = demand.outputTokens;
    for (const { unit, limit, largest } of this.#rates.values()) {
      const counts = largest === Infinity && (unit === "total" || unit === "output");
      if (counts && limit !== undefined) outputTokens = Math.min(outputTokens, largestGuess * limit);
    }
    return amountsOf({ ...demand, outputTokens }, this.#limits);
  }

  /** The dominant cost: of all that is taken, the largest share of a limit. */
  shareOf(amounts: Amounts): number {
    let share = 1 / this.#slots.largest;
    for (const rate of this.#rates.values()) {
      const { limit } = rate;
      if (limit !== undefined) share = Math.max(share, amounts[rate.unit] / limit);
    }
    return share;
  }

  /** Takes in what the headers of an answer say. */
  observe(now: number, grantedAt: number, amounts: Amounts, reading: QuotaReading): void {
    for (const [index, level] of reading.entries()) {
      const name = nameOf(level);
      if (
        name === undefined ||
        reading.some((other, at) => nameOf(other) === name && isTighter(other, level, at < index))
      ) {
        continue;
      }
      const known = this.#rates.size;
      this.#rate(name, now).observe(now, grantedAt, amounts[level.unit], level);
      if (this.#rates.size !== known) this.#list();
    }
  }

  learn(ending: Omit<Ending, "paced">): void {
    if (this.#slots instanceof AdaptiveSlots) this.#slots.learn({ ...ending, paced: this.paces });
  }

  stats(now: number, boundBy: string | undefined): LimitStats[] {
    const slots: LimitStats = {
      name: "maxConcurrent",
      value: this.#slots.largest,
      source: this.adaptive ? "learned" : "configured",
      used: this.#slots.used(),
      ...(boundBy === "maxConcurrent" ? { binding: true } : {}),
    };
    const known = [...this.#rates.values()].map((rate) => rate.stats(now, boundBy === rate.name));
    return [slots, ...known.filter((stats) => stats !== undefined)];
  }

  /** What was found out so far. */
  get knowledge(): LearnedLimits {
    const found = [...this.#rates].flatMap(([name, { knowledge }]) =>
      knowledge === undefined ? [] : [[name, knowledge]],
    );
    const slots =
      this.#slots instanceof AdaptiveSlots && this.#slots.found ? { maxConcurrent: this.#slots.largest } : {};
    return {
      ...slots,
      ...(found.length === 0 ? {} : { rates: Object.fromEntries(found) as LearnedLimits["rates"] & {} }),
    };
  }

  /** The rates that a 429 is about: those that it names, else those that were nearly used up. */
  blame(now: number, { exceeded, quota }: CallError): readonly RateQuota[] {
    if (exceeded === "concurrency") return [];
    if (exceeded !== undefined) {
      const periodMs = quota?.periodMs ?? minuteMs;
      const units = quota?.unit === undefined ? unitsOf[exceeded] : [quota.unit];
      const name = quota?.unit === undefined ? undefined : nameOf({ unit: quota.unit, periodMs });
      if (name !== undefined) this.#rate(name, now);
      this.#list();
      const named = [...this.#rates.values()].filter((rate) => units.includes(rate.unit) && rate.periodMs === periodMs);
      const paced = named.filter(({ paces }) => paces);
      return paced.length > 0 ? paced : named.slice(0, 1);
    }
    return [...this.#rates.values()].filter(
      (rate) => rate.limit !== undefined && rate.used(now) >= suspiciousShare * rate.limit,
    );
  }

  #rate(name: RateName, now: number): RateQuota {
    const existing = this.#rates.get(name);
    if (existing !== undefined) return existing;
    const { unit, periodMs } = rates.find((rate) => rate.name === name) ?? { unit: "request", periodMs: minuteMs };
    const sibling = [...this.#rates.values()].find((rate) => rate.unit === unit);
    const history = sibling === undefined ? { since: this.#started ? now : -Infinity } : { ledger: sibling.ledger };
    const made = new RateQuota({ name, unit, periodMs, ...history });
    this.#rates.set(name, made);
    return made;
  }

  #list(): void {
    this.#dimensions = [this.#slots, ...this.#rates.values(), ...this.#shared];
  }
}

const unitsOf: Readonly<Record<Exclude<ExceededQuota, "concurrency">, readonly Unit[]>> = {
  requests: ["request"],
  tokens: ["total", "input", "output"],
};

/** Of two quotas of one kind, an organisation's and a project's say, the tighter one counts. */
const isTighter = (other: QuotaLevel, level: QuotaLevel, isEarlier: boolean): boolean => {
  const [a, b] = [other.limit ?? Infinity, level.limit ?? Infinity];
  return a < b || (a === b && isEarlier);
};

/** Quotas of an hour and the like are left to the provider: nothing here holds them. */
const nameOf = ({ unit, periodMs, resetMs = 0 }: QuotaLevel): RateName | undefined => {
  const counted = periodMs ?? (resetMs > longestMinuteResetMs ? dayMs : minuteMs);
  if (counted !== minuteMs && counted !== dayMs) return undefined;
  const daily = counted === dayMs;
  if (unit === "request") return daily ? "requestsPerDay" : "requestsPerMinute";
  if (unit === "total") return daily ? "tokensPerDay" : "tokensPerMinute";
  return unit === "input" ? "inputTokensPerMinute" : "outputTokensPerMinute";
};

const isSame = (a: Limits["maxConcurrent"], b: Limits["maxConcurrent"]): boolean => {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  return a.min === b.min && a.max === b.max;
};

/** An earlier run may have ended under a heavier load: begin a little below what it found. */
const resumedShare = 0.8;

const slotsOf = (
  { maxConcurrent = "auto" }: Limits,
  learned: number | undefined,
  before?: Slots | AdaptiveSlots,
): Slots | AdaptiveSlots => {
  if (typeof maxConcurrent === "number") return new Slots(maxConcurrent, before?.used());
  const bounds = maxConcurrent === "auto" ? {} : maxConcurrent;
  const { min = 1, max = Math.max(1024, min) } = bounds;
  const start = before?.largest ?? (learned === undefined ? 16 : resumedShare * learned);
  return new AdaptiveSlots({ start, min, max }, before?.used());
};
