import type { Result } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import type { Clock } from "../../time/clock.ts";
import { recordIds } from "./record-ids.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RunSetting } from "../run-setting.ts";
import type { Row } from "../source/row.ts";

/** What records show beside the outcome itself. */
export interface RecordContext extends Pick<RunFileOptions, "model" | "provider" | "keyMask"> {
  readonly clock: Clock;
  readonly overrideModel: boolean;
  readonly strict: boolean;
  /** Where a row stood in the input of its run, from 0; nothing when nobody knows. @default its place in this one */
  readonly placeOf?: (row: Row) => number | undefined;
  /** An id that no other record has. */
  readonly nextId: () => string;
}

/** What the records of a run show. */
export const recordContext = ({ options, clock }: RunSetting): RecordContext => ({
  ...(options.model === undefined ? {} : { model: options.model }),
  ...(options.provider === undefined ? {} : { provider: options.provider }),
  ...(options.keyMask === undefined ? {} : { keyMask: options.keyMask }),
  clock,
  overrideModel: options.overrideModel ?? false,
  strict: options.strict ?? false,
  nextId: recordIds(clock.wallNow()),
});

/** The part of `meta` that successes and failures share. */
export const recordMeta = (
  row: Row,
  result: Result<ChatReply>,
  context: RecordContext,
  { named, lostAttempts }: { readonly named: string; readonly lostAttempts: number },
): Record<string, unknown> => {
  const { queuedMs, firstContentMs, totalMs } = result.timing;
  const waitedMs = result.retries.reduce((sum, retry) => sum + retry.waitedMs, 0);
  const finishedAt = context.clock.wallNow();
  return {
    index: context.placeOf === undefined ? row.index : context.placeOf(row),
    ...whoAnswered(row, result, context, named),
    attempts: result.attempts,
    // Attempts that brought no answer and may have been charged all the same.
    possibly_paid: lostAttempts === 0 ? undefined : lostAttempts,
    queued_ms: Math.round(queuedMs),
    ttft_ms: firstContentMs === undefined ? undefined : Math.round(firstContentMs),
    latency_ms: Math.round(Math.max(0, totalMs - queuedMs - waitedMs)),
    cost: costOf(result),
    started_at: new Date(finishedAt - totalMs).toISOString(),
    finished_at: new Date(finishedAt).toISOString(),
  };
};

/** Another model than the one that was asked for is named as it is; whose key it has is not known here. */
const whoAnswered = (row: Row, result: Result<ChatReply>, context: RecordContext, named: string): object => {
  const answeredBy = result.ok ? result.value.answeredBy : undefined;
  if (answeredBy !== undefined) return { model: answeredBy, provider: answeredBy.split("/")[0] };
  const model = (context.overrideModel ? undefined : row.model) ?? context.model ?? named;
  return { model, provider: context.provider, key: context.keyMask };
};

/** Which price it is from stands in the reply; a record is to be added up. */
const costOf = (result: Result<ChatReply>): { readonly amount: number; readonly currency: string } | undefined => {
  const cost = result.ok ? result.value.cost : undefined;
  return cost === undefined ? undefined : { amount: cost.amount, currency: cost.currency };
};
