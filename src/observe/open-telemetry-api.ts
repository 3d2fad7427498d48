/**
 * The part of `@opentelemetry/api` that is used, so that nobody who wants no telemetry has to install it: the module
 * itself, as `import * as telemetry from "@opentelemetry/api"` gives it, is one of these. What it makes optional is so
 * here, though it is always given.
 */
export interface OpenTelemetryApi {
  readonly trace: TelemetryTracing;
  readonly context: TelemetryContexts;
  readonly metrics: TelemetryMetrics;
}

/** What makes spans. */
export interface TelemetryTracing {
  getTracer(name: string, version?: string): TelemetryTracer;
  setSpan(context: TelemetryContext, span: TelemetrySpan): TelemetryContext;
}

/** What knows in which span the caller is. */
export interface TelemetryContexts {
  active(): TelemetryContext;
  with<T>(context: TelemetryContext, work: () => T): T;
}

/** What makes instruments. */
export interface TelemetryMetrics {
  getMeter(name: string, version?: string): TelemetryMeter;
}

/** Where a span is, or is to be. */
export interface TelemetryContext {
  getValue(key: symbol): unknown;
}

/** Facts of low cardinality, never a prompt or an answer. */
export type TelemetryAttributes = Record<string, string | number | boolean | string[]>;

/** Starts spans. */
export interface TelemetryTracer {
  startSpan(name: string, options?: TelemetrySpanOptions, context?: TelemetryContext): TelemetrySpan;
}

/** What is known of a span when it starts. */
export interface TelemetrySpanOptions {
  /** One of `SpanKind`. */
  readonly kind?: number;
  readonly attributes?: TelemetryAttributes;
  /** Milliseconds since 1970. */
  readonly startTime: number;
}

/** A span that has started. */
export interface TelemetrySpan {
  setAttributes(attributes: TelemetryAttributes): unknown;
  /** One of `SpanStatusCode`. */
  setStatus(status: { readonly code: number }): unknown;
  end(endTime?: number): void;
}

/** Makes the instruments of one library. */
export interface TelemetryMeter {
  createHistogram(name: string, options?: TelemetryInstrumentOptions): TelemetryHistogram;
  createCounter(name: string, options?: TelemetryInstrumentOptions): TelemetryCounter;
  createUpDownCounter(name: string, options?: TelemetryInstrumentOptions): TelemetryCounter;
}

/** What an instrument measures. */
export interface TelemetryInstrumentOptions {
  readonly unit: string;
  readonly description: string;
  readonly advice?: { explicitBucketBoundaries: number[] };
}

/** Takes single measurements. */
export interface TelemetryHistogram {
  record(value: number, attributes?: TelemetryAttributes, context?: TelemetryContext): void;
}

/** Takes changes of a sum. */
export interface TelemetryCounter {
  add(value: number, attributes?: TelemetryAttributes, context?: TelemetryContext): void;
}
