import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Reply } from "../call/reply.ts";
import type { Clock } from "../time/clock.ts";
import { operationNames, replyAttributes, requestAttributes } from "./call-attributes.ts";
import type {
  TelemetryAttributes,
  TelemetryContext,
  TelemetrySpan,
  TelemetrySpanOptions,
} from "./open-telemetry-api.ts";
import { errorType, type Recorder, spanConstants } from "./recorder.ts";

/** One call, told as a span with the conventions' names, and as measurements; it is held by the call alone, and ends with it. */
export class CallTrace {
  readonly recorder: Recorder;
  /** How many attempts have begun. */
  attempts = 0;
  readonly #clock: Clock;
  readonly #offsetMs: number;
  readonly #startedAt: number;
  readonly #tell: Context["observe"];
  readonly #streamed: boolean;
  readonly #series: TelemetryAttributes;
  readonly #span: TelemetrySpan;
  readonly #context: TelemetryContext;
  #firstContentMs: number | undefined;
  #backoff: Extract<CallEvent, { type: "call-retry" }> | undefined;

  constructor(recorder: Recorder, call: Call, { clock, observe }: Context) {
    const { api, tracer } = recorder;
    this.recorder = recorder;
    this.#clock = clock;
    this.#startedAt = clock.now();
    // Once for the whole call: a wall clock that is set meanwhile cannot turn its spans around.
    this.#offsetMs = clock.wallNow() - this.#startedAt;
    this.#tell = observe;
    this.#streamed = call.body["stream"] === true;
    this.#series = recorder.callSeries(call);
    const attributes = { ...this.#series, "sluice.call.id": call.id, ...requestAttributes(call) };
    const startTime = this.wall(this.#startedAt);
    const name = `${operationNames[call.operation]} ${call.model.name}`;
    const caller = api.context.active();
    this.#span = tracer.startSpan(name, { kind: spanConstants.client, attributes, startTime }, caller);
    this.#context = api.trace.setSpan(caller, this.#span);
  }

  readonly observe = (event: CallEvent): void => {
    if (event.type === "first-content") this.#firstContentMs = event.afterMs;
    else if (event.type === "call-retry") this.#backoff = event;
    this.#tell(event);
  };

  /** A time of the call's clock as milliseconds since 1970. */
  wall(at: number): number {
    return this.#offsetMs + at;
  }

  /** Starts a span within the call's. */
  child(name: string, options: Omit<TelemetrySpanOptions, "kind">): TelemetrySpan {
    return this.recorder.tracer.startSpan(name, { kind: spanConstants.internal, ...options }, this.#context);
  }

  /** The context in which a span of the call's is active. */
  within(span: TelemetrySpan): TelemetryContext {
    return this.recorder.api.trace.setSpan(this.#context, span);
  }

  /** Whatever kept the call from being tried again is over. */
  endBackoff(at: number): void {
    const backoff = this.#backoff;
    this.#backoff = undefined;
    if (backoff === undefined || at - backoff.at < shortestWaitMs) return;
    const attributes = { "error.type": backoff.code };
    this.child("sluice.backoff", { startTime: this.wall(backoff.at), attributes }).end(this.wall(at));
  }

  succeeded(reply: Reply): void {
    const told = replyAttributes(reply);
    const model = told["gen_ai.response.model"];
    const series = model === undefined ? this.#series : { ...this.#series, "gen_ai.response.model": model };
    this.#measureTokens(reply, series);
    this.#end(told, series);
  }

  failed(error: unknown): void {
    const failure = { "error.type": errorType(error) };
    this.#span.setStatus({ code: spanConstants.error });
    this.#end(failure, { ...this.#series, ...failure });
  }

  #end(told: TelemetryAttributes, series: TelemetryAttributes): void {
    const { instruments } = this.recorder;
    const at = this.#clock.now();
    this.endBackoff(at);
    if (this.#streamed && this.#firstContentMs !== undefined) {
      const seconds = this.#firstContentMs / 1000;
      instruments.timeToFirstChunk.record(seconds, series, this.#context);
      told["gen_ai.response.time_to_first_chunk"] = seconds;
    }
    instruments.callDuration.record((at - this.#startedAt) / 1000, series, this.#context);
    this.#span.setAttributes({ ...told, "sluice.attempts": this.attempts });
    this.#span.end(this.wall(at));
  }

  #measureTokens({ usage, reused }: Reply, series: TelemetryAttributes): void {
    if (usage === undefined || reused !== undefined) return;
    const { tokenUsage } = this.recorder.instruments;
    tokenUsage.record(usage.inputTokens, { ...series, "gen_ai.token.type": "input" }, this.#context);
    tokenUsage.record(usage.outputTokens, { ...series, "gen_ai.token.type": "output" }, this.#context);
  }
}

/** What waits for less has only passed by: it has no span. */
export const shortestWaitMs = 1;
