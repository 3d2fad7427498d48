/** The public API: re-exports, no logic. */
export { defineConfig } from "./client/config.ts";
export { createLLM } from "./client/create-llm.ts";
export { createLimiter } from "./client/create-limiter.ts";
export { createPool } from "./client/create-pool.ts";
export { CallError } from "./call/call-error.ts";
export { RunError } from "./run/run-error.ts";
export { runFile } from "./run/run-file.ts";
export { exitCodeOf } from "./run/run-summary.ts";
export { InputError } from "./run/source/input-error.ts";
export { startSimulator } from "./simulator/simulator.ts";

export type { CallErrorCode, ExceededQuota, QuotaClaim } from "./call/call-error.ts";
export type { CallEvent, ReplyFacts } from "./call/call-event.ts";
export type { Call, Demand, Flow, ModelRef, Operation } from "./call/call.ts";
export type { ChatInput } from "./call/chat-input.ts";
export type { Context, Progress, Timeouts } from "./call/context.ts";
export type { Handler, Layer } from "./call/handler.ts";
export type { JsonObject, JsonValue } from "./call/json.ts";
export type { QuotaLevel, QuotaReading } from "./call/limiter.ts";
export type { Reply, Reuse, Usage } from "./call/reply.ts";
export type { Failure, Result, Retry, Success, Timing } from "./call/result.ts";
export type { AnswerSchema, OutputOf, StandardIssue, StandardResult, StandardSchema } from "./call/standard-schema.ts";
export type { StreamEvent } from "./call/stream-event.ts";
export type { CacheOptions } from "./client/cache/cache-options.ts";
export type { ConfigDuration, ConfigLimits, ConfigProvider, SluiceConfig } from "./client/config.ts";
export type { ChatPart, ChatReply, StructuredReply } from "./client/chat-reply.ts";
export type { ChatMessage, ChatRequest } from "./client/chat-request.ts";
export type { LimitedRunner, LimitOptions } from "./client/create-limiter.ts";
export type { FailedAttempt } from "./call/possibly-paid.ts";
export type { OnAttempt, OnAttemptEnd } from "./client/active-call.ts";
export type { Job, JobStatus } from "./client/job.ts";
export type { LLMOptions } from "./client/llm-options.ts";
export type {
  LLM,
  ManyOptions,
  MapOptions,
  RequestOf,
  Requests,
  Results,
  Source,
  Structured,
  WithSchema,
} from "./client/llm.ts";
export type { CallEstimate, CallRates } from "./client/call-estimate.ts";
export type { EstimateCall } from "./client/call-estimator.ts";
export type { LLMStats } from "./client/stats.ts";
export type { Cost, Currency, Money } from "./call/money.ts";
export type { ToolCall } from "./provider/wire-format.ts";
export type { PriceOverride, PriceOverrides } from "./provider/prices/price-overrides.ts";
export type { EmbedOptions, EmbedReply } from "./client/embed.ts";
export type { EmbeddingInput } from "./provider/openai/embedding-vectors.ts";
export type { SDKName, SDKOptions } from "./client/fetch/client-options.ts";
export type { PoolLearnedLimits, QuotaPoolStats } from "./client/pool-stats.ts";
export type { ProviderSettings } from "./client/provider-settings.ts";
export type { QueueOrder } from "./limit/ticket.ts";
export type { LearnedLimits, LearnedRate } from "./limit/learned-limits.ts";
export type { LimitStats } from "./limit/limit-stats.ts";
export type { ConcurrencyBounds, Limits } from "./limit/limits.ts";
export type { CallEventName, CallEventOf } from "./observe/call-events.ts";
export type {
  OpenTelemetryApi,
  TelemetryAttributes,
  TelemetryContext,
  TelemetryContexts,
  TelemetryCounter,
  TelemetryHistogram,
  TelemetryInstrumentOptions,
  TelemetryMeter,
  TelemetryMetrics,
  TelemetrySpan,
  TelemetrySpanOptions,
  TelemetryTracer,
  TelemetryTracing,
} from "./observe/open-telemetry-api.ts";
export type { RunBound } from "./observe/run-bound.ts";
export type { Percentiles } from "./observe/recent-values.ts";
export type { Pool, PoolOptions, PoolStats, TaskContext, TaskOptions } from "./pool/pool.ts";
export type { RetryOptions } from "./retry/retry-options.ts";
export type { BreakerStats } from "./route/breaker-gate.ts";
export type { BreakerOptions } from "./route/breaker-options.ts";
export type { HedgeOptions } from "./route/hedge-options.ts";
export type { ErrorGroup } from "./run/records/error-groups.ts";
export type { RunEvent, RunRow, RunStart } from "./run/run-event.ts";
export type { RunClient, RunFileOptions, RunStdout } from "./run/run-options.ts";
export type { CostRange, Range, RunEstimate, RunTime } from "./run/estimate/run-estimate.ts";
export type { HaltRule } from "./run/stop/halt-rule.ts";
export type { ReachedBound } from "./run/stop/reached-bound.ts";
export type { FinishCounts, RunSummary } from "./run/run-summary.ts";
export type { FaultKind, FaultRates, Ledger, LedgerEntry, Simulator, SimulatorOptions } from "./simulator/simulator.ts";
export type { Clock, Timer } from "./time/clock.ts";
export type { Duration } from "./time/duration.ts";
export type { Rng } from "./time/rng.ts";
export type { TimeoutOptions } from "./timeout/timeout-options.ts";
