import type { QuotaLevel } from "../call/limiter.ts";
import type { AccountSettings, QuotaShape } from "./account-options.ts";
import { quotaBucket } from "./quota-bucket.ts";
import { quotaShared, type SharedQuota } from "./quota-shared.ts";
import { quotaSliding } from "./quota-sliding.ts";
import { quotaWindow } from "./quota-window.ts";
import type { Quota } from "./quota.ts";

/** What a quota counts. */
export type QuotaUnit = QuotaLevel["unit"];

/** What the account allows, as it stands; a missing quota is unlimited and unmentioned. */
export interface Account {
  readonly requests?: Quota;
  readonly tokens?: Quota;
  readonly input?: Quota;
  readonly output?: Quota;
  readonly maxConcurrent?: number;
}

/** Looks after a new quota: gives back what is to stand in its place. */
export type QuotaDecorator = (quota: SharedQuota, unit: QuotaUnit) => Quota;

/** Opens an account with all its quotas full. */
export const openAccount = (settings: AccountSettings, startAt: number, decorate: QuotaDecorator = same): Account => {
  const { requestsPerMinute, tokensPerMinute, inputTokensPerMinute, outputTokensPerMinute, maxConcurrent } = settings;
  const requestShape = shapeOf(settings, settings.requestQuota);
  const tokenShape = shapeOf(settings, settings.tokenQuota);
  const { foreignShare: share } = settings;
  const make = (unit: QuotaUnit, limit: number, shape: Shape): Quota => {
    return decorate(quotaShared(quotaOf(limit, shape, startAt), { share, startAt }), unit);
  };
  return {
    ...(requestsPerMinute === undefined ? {} : { requests: make("request", requestsPerMinute, requestShape) }),
    ...(tokensPerMinute === undefined ? {} : { tokens: make("total", tokensPerMinute, tokenShape) }),
    ...(inputTokensPerMinute === undefined ? {} : { input: make("input", inputTokensPerMinute, tokenShape) }),
    ...(outputTokensPerMinute === undefined ? {} : { output: make("output", outputTokensPerMinute, tokenShape) }),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
  };
};

/** The quotas that the account has. */
export const accountQuotas = ({ requests, tokens, input, output }: Account): readonly AccountQuota[] =>
  [
    entriesOf("request", requests),
    entriesOf("total", tokens),
    entriesOf("input", input),
    entriesOf("output", output),
  ].flat();

/** One quota of an account. */
export interface AccountQuota {
  readonly unit: QuotaUnit;
  readonly quota: Quota;
}

const entriesOf = (unit: QuotaUnit, quota: Quota | undefined): readonly AccountQuota[] =>
  quota === undefined ? [] : [{ unit, quota }];

type Shape = Required<Omit<QuotaShape, "windowPhaseMs">> & Pick<QuotaShape, "windowPhaseMs">;

const shapeOf = (settings: AccountSettings, own: AccountSettings["requestQuota"]): Shape => {
  const { quota, burstMs, windowMs, windowPhaseMs } = settings;
  const shared = { quota, burstMs, windowMs, ...(windowPhaseMs === undefined ? {} : { windowPhaseMs }) };
  return typeof own === "string" ? { ...shared, quota: own } : { ...shared, ...own };
};

const quotaOf = (
  limit: number,
  { quota, burstMs, windowMs: periodMs, windowPhaseMs }: Shape,
  startAt: number,
): Quota => {
  switch (quota) {
    case "bucket":
      return quotaBucket({ limit, burstMs, startAt });
    case "window":
      return quotaWindow({ limit, startAt, periodMs, phaseMs: windowPhaseMs ?? periodMs });
    case "sliding":
      return quotaSliding({ limit, periodMs });
  }
};

const same: QuotaDecorator = (quota) => quota;
