import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import { AttemptTrace } from "./attempt-trace.ts";
import { CallTrace } from "./call-trace.ts";
import type { OpenTelemetryApi } from "./open-telemetry-api.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";

/** Three layers that tell OpenTelemetry of calls; between them they say where time went. No prompt and no answer is told. */
export interface Telemetry {
  /** One span a call, in that of the caller. It stands outside everything. */
  readonly call: Layer;
  /** Spans of waiting and of attempts. It stands around breaker and limit: one passage is one attempt at most. */
  readonly attempt: Layer;
  /** Makes the request within the span of its attempt, so that spans of the transport go there. It stands around the provider. */
  readonly request: Layer;
}

/** Layers that add nothing and cost nothing. */
export const noTelemetry: Telemetry = { call: (next) => next, attempt: (next) => next, request: (next) => next };

/** Layers that tell of calls through the module `@opentelemetry/api`. */
export const createTelemetry = (api: OpenTelemetryApi, options: RecorderOptions = {}): Telemetry => {
  const recorder = new Recorder(api, options);
  return { call: traceCall(recorder), attempt: traceAttempt, request: traceRequest };
};

const traceCall =
  (recorder: Recorder): Layer =>
  (next) =>
    async function traceCall(call, context) {
      const trace = new CallTrace(recorder, call, context);
      const traced: TracedContext = { ...context, observe: trace.observe, trace };
      let reply;
      try {
        reply = await next(call, traced);
      } catch (error) {
        trace.failed(error);
        throw error;
      }
      trace.succeeded(reply);
      return reply;
    };

const traceAttempt: Layer = (next) =>
  async function traceAttempt(call, context: TracedContext) {
    const { trace } = context;
    if (trace === undefined) return next(call, context);
    const attempt = new AttemptTrace(trace, call, context);
    const traced: TracedContext = { ...context, observe: attempt.observe, attemptTrace: attempt };
    let failure: unknown;
    try {
      return await next(call, traced);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      attempt.left(failure);
    }
  };

const traceRequest: Layer = (next) => (call: Call, context: TracedContext) => {
  const { attemptTrace } = context;
  return attemptTrace === undefined ? next(call, context) : attemptTrace.run(() => next(call, context));
};

/** How the three layers find each other: the layers between them pass on what they do not know. */
interface TracedContext extends Context {
  readonly trace?: CallTrace;
  readonly attemptTrace?: AttemptTrace;
}
