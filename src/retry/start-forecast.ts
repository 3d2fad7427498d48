import type { Call } from "../call/call.ts";
import { CallError } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";

/** What is known about when an attempt could start and bring something. */
export interface StartForecast {
  /** The earliest clock time at which such a call could start; what is not finite is not known. @default at once */
  readonly earliestStart?: (call: Call) => number;
  /** How long the first content of an answer usually takes. @default () => 0 */
  readonly usualFirstContentMs?: () => number;
}

/** The clock time after which an attempt that starts usually brings nothing before the call's deadline. */
export const lastStart = ({ deadlineAt = Infinity }: Context, { usualFirstContentMs }: StartForecast): number =>
  deadlineAt === Infinity ? Infinity : deadlineAt - (usualFirstContentMs?.() ?? 0);

/** Whether another attempt, ready at `readyAt`, could only start too late. */
export const isTooLate = (call: Call, context: Context, readyAt: number, forecast: StartForecast): boolean => {
  const last = lastStart(context, forecast);
  return last !== Infinity && startOf(call, readyAt, forecast) > last;
};

/**
 * The failure of a call whose first attempt the limits would let start only after its deadline. Only the limits count
 * here: whether the answer would be quick enough is left to the provider.
 */
export const neverInTime = (call: Call, context: Context, forecast: StartForecast): CallError | undefined => {
  const { deadlineAt = Infinity, clock } = context;
  if (deadlineAt === Infinity) return undefined;
  const now = clock.now();
  const startAt = startOf(call, now, forecast);
  if (startAt <= deadlineAt) return undefined;
  return new CallError(
    "timeout",
    `Cannot start call ${call.id} in time: the limits let it start in ${Math.ceil(startAt - now)} ms at the earliest, ` +
      `but it ends in ${Math.max(0, Math.floor(deadlineAt - now))} ms; give it more time in total, or raise the limits`,
    { retryable: false, tooLate: true },
  );
};

/** Clock time at which an attempt that is ready at `readyAt` could start, as far as that is known. */
const startOf = (call: Call, readyAt: number, { earliestStart }: StartForecast): number => {
  const at = earliestStart?.(call) ?? readyAt;
  return Number.isFinite(at) ? Math.max(readyAt, at) : readyAt;
};
