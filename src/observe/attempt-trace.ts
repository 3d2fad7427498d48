import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Clock } from "../time/clock.ts";
import { present } from "./call-attributes.ts";
import { type CallTrace, shortestWaitMs } from "./call-trace.ts";
import type { TelemetryAttributes, TelemetryContext, TelemetrySpan } from "./open-telemetry-api.ts";
import { errorType, spanConstants } from "./recorder.ts";

/** One attempt from the time at which it may be made: its waiting, and its request if it comes to that. */
export class AttemptTrace {
  readonly #trace: CallTrace;
  readonly #call: Call;
  readonly #clock: Clock;
  readonly #tell: Context["observe"];
  readonly #series: TelemetryAttributes;
  readonly #queuedAt: number;
  #state: "queued" | "running" | "over" = "queued";
  #startedAt = 0;
  #span: TelemetrySpan | undefined;
  #context: TelemetryContext | undefined;

  constructor(trace: CallTrace, call: Call, { clock, observe }: Context) {
    this.#trace = trace;
    this.#call = call;
    this.#clock = clock;
    this.#tell = observe;
    this.#queuedAt = clock.now();
    this.#series = trace.recorder.attemptSeries(call);
    trace.endBackoff(this.#queuedAt);
    trace.recorder.instruments.queueLength.add(1, this.#series);
  }

  readonly observe = (event: CallEvent): void => {
    if (event.type === "attempt-start") this.#started(event.at);
    else if (event.type === "attempt-end") this.#ended(event.at, event.code, event.status);
    this.#tell(event);
  };

  /** Does something in the span of the attempt. */
  run<T>(work: () => T): T {
    if (this.#context === undefined) return work();
    return this.#trace.recorder.api.context.with(this.#context, work);
  }

  /** Nothing more comes of it: an attempt that never began was waiting until now. */
  left(failure: unknown): void {
    const at = this.#clock.now();
    const code = failure === undefined ? undefined : errorType(failure);
    if (this.#state === "queued") this.#leaveQueue(at, present({ "error.type": code }));
    else this.#ended(at, code, undefined);
    this.#state = "over";
  }

  #started(at: number): void {
    const trace = this.#trace;
    const { instruments } = trace.recorder;
    this.#leaveQueue(at, {});
    this.#state = "running";
    this.#startedAt = at;
    instruments.inFlight.add(1, this.#series);
    const resend = trace.attempts === 0 ? {} : { "http.request.resend_count": trace.attempts };
    trace.attempts += 1;
    const attributes = { ...trace.recorder.attemptSpan(this.#call), ...resend };
    this.#span = trace.child("sluice.attempt", { startTime: trace.wall(at), attributes });
    this.#context = trace.within(this.#span);
  }

  #leaveQueue(at: number, failure: TelemetryAttributes): void {
    const trace = this.#trace;
    const { queueLength, queueDuration } = trace.recorder.instruments;
    queueLength.add(-1, this.#series);
    queueDuration.record((at - this.#queuedAt) / 1000, { ...this.#series, ...failure });
    if (at - this.#queuedAt < shortestWaitMs) return;
    const deployment = this.#series["sluice.deployment"];
    const attributes = present({ "sluice.deployment": deployment, ...failure });
    trace.child("sluice.queue", { startTime: trace.wall(this.#queuedAt), attributes }).end(trace.wall(at));
  }

  #ended(at: number, code: string | undefined, status: number | undefined): void {
    if (this.#state !== "running") return;
    this.#state = "over";
    const { attempts, attemptDuration, inFlight } = this.#trace.recorder.instruments;
    const failure = present({ "error.type": code });
    const series = { ...this.#series, ...failure };
    inFlight.add(-1, this.#series);
    attempts.add(1, series);
    attemptDuration.record((at - this.#startedAt) / 1000, series, this.#context);
    this.#span?.setAttributes({ ...failure, ...present({ "http.response.status_code": status }) });
    if (code !== undefined) this.#span?.setStatus({ code: spanConstants.error });
    this.#span?.end(this.#trace.wall(at));
  }
}
