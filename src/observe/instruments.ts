import type { TelemetryCounter, TelemetryHistogram, TelemetryMeter } from "./open-telemetry-api.ts";

/** What is measured of calls, over all of them. */
export interface Instruments {
  readonly callDuration: TelemetryHistogram;
  readonly tokenUsage: TelemetryHistogram;
  readonly timeToFirstChunk: TelemetryHistogram;
  readonly queueDuration: TelemetryHistogram;
  readonly attemptDuration: TelemetryHistogram;
  readonly attempts: TelemetryCounter;
  readonly queueLength: TelemetryCounter;
  readonly inFlight: TelemetryCounter;
}

/** The instruments of a meter: three with the names of OpenTelemetry's conventions for generative AI (v1.41), the others our own. */
export const createInstruments = (meter: TelemetryMeter): Instruments => ({
  callDuration: meter.createHistogram("gen_ai.client.operation.duration", {
    unit: "s",
    description: "How long calls take, with all their waiting and retries",
    advice: { explicitBucketBoundaries: durations },
  }),
  tokenUsage: meter.createHistogram("gen_ai.client.token.usage", {
    unit: "{token}",
    description: "Input and output tokens that calls used",
    advice: { explicitBucketBoundaries: tokens },
  }),
  timeToFirstChunk: meter.createHistogram("gen_ai.client.operation.time_to_first_chunk", {
    unit: "s",
    description: "How long streams take from their request to their first content",
    advice: { explicitBucketBoundaries: durations },
  }),
  queueDuration: meter.createHistogram("sluice.queue.duration", {
    unit: "s",
    description: "How long attempts wait for their turn",
    advice: { explicitBucketBoundaries: waits },
  }),
  attemptDuration: meter.createHistogram("sluice.attempt.duration", {
    unit: "s",
    description: "How long attempts take, without their waiting",
    advice: { explicitBucketBoundaries: durations },
  }),
  attempts: meter.createCounter("sluice.attempts", { unit: "{attempt}", description: "Attempts that ended" }),
  queueLength: meter.createUpDownCounter("sluice.queue.length", {
    unit: "{call}",
    description: "Calls that wait for their turn",
  }),
  inFlight: meter.createUpDownCounter("sluice.calls.in_flight", {
    unit: "{call}",
    description: "Calls whose request is out",
  }),
});

/** As the conventions advise. */
const durations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** As the conventions advise: powers of four. */
const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

/** A queue may be hours long. */
const waits = [0.01, 0.1, 1, 5, 15, 60, 300, 900, 3600, 14400];
