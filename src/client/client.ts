import { CallError } from "../call/call-error.ts";
import type { StandardSchema } from "../call/standard-schema.ts";
import type { Result } from "../call/result.ts";
import type { Limits } from "../limit/limits.ts";
import type { CallEventName, CallEventOf, CallEvents } from "../observe/call-events.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { EmbeddingInput } from "../provider/openai/embedding-vectors.ts";
import { mapConcurrent, type MapWork } from "../pool/map-concurrent.ts";
import type { BreakerStats } from "../route/breaker-gate.ts";
import type { Clock } from "../time/clock.ts";
import type { CallEstimate } from "./call-estimate.ts";
import type { CallEstimator, EstimateCall } from "./call-estimator.ts";
import type { CallRunner } from "./call-runner.ts";
import type { ChatPart, ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import { chatStream } from "./chat-stream.ts";
import { clientOptions, type SDKName, type SDKOptions } from "./fetch/client-options.ts";
import { createFetch, type Fetch } from "./fetch/llm-fetch.ts";
import { embed, type EmbedOptions, type EmbedReply } from "./embed.ts";
import type { Job } from "./job.ts";
import type {
  LLM,
  ManyOptions,
  MapOptions,
  RequestOf,
  Requests,
  Results,
  Source,
  Structured,
  WithSchema,
} from "./llm.ts";
import type { PoolLearnedLimits } from "./pool-stats.ts";
import type { Providers } from "./providers.ts";
import type { Pools } from "./pools.ts";
import { clientStats, type LLMStats } from "./stats.ts";
import { unstarted } from "./unstarted.ts";
import { submitJob } from "./submitted-job.ts";

/** What a client is put together from. */
export interface ClientParts {
  readonly runner: CallRunner;
  readonly callEstimator: CallEstimator;
  readonly pools: Pools;
  readonly metrics: Metrics;
  readonly events: CallEvents;
  readonly closing: AbortController;
  readonly clock: Clock;
  readonly breakers: () => readonly BreakerStats[];
  readonly providers: Pick<Providers, "addresses" | "passOn" | "close">;
  readonly closeCache: () => Promise<void>;
  /** Says something that a developer should know. */
  readonly warn: (message: string) => void;
}

/** The verbs of `LLM`, each a thin end of the one runner. */
export class Client implements LLM {
  readonly #parts: ClientParts;
  #index = 0;
  #closed: Promise<void> | undefined;

  readonly fetch: Fetch;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    const {
      runner,
      warn,
      providers,
      clock,
      closing: { signal: closing },
    } = parts;
    const { addresses, passOn } = providers;
    this.fetch = createFetch({ runner, addresses, passOn, clock, warn, closing, nextIndex: () => this.#index++ });
  }

  clientOptions<Name extends SDKName>(sdk: Name): SDKOptions[Name] {
    return clientOptions(sdk, this.fetch);
  }

  chat<S extends StandardSchema>(request: ChatRequest & WithSchema<S>, options?: ChatRequest): Promise<Structured<S>>;
  chat<S extends StandardSchema>(
    request: string | ChatRequest,
    options: ChatRequest & WithSchema<S>,
  ): Promise<Structured<S>>;
  chat(request: string | ChatRequest, options?: ChatRequest): Promise<ChatReply>;
  async chat(request: string | ChatRequest, options: ChatRequest = {}): Promise<ChatReply> {
    const result = await this.#parts.runner.run(merged(request, options), {
      index: this.#index++,
      controller: new AbortController(),
    });
    if (!result.ok) throw result.error;
    return result.value;
  }

  stream(request: string | ChatRequest, options: ChatRequest = {}): AsyncGenerator<ChatPart, void, undefined> {
    return chatStream(this.#parts.runner, merged(request, options), this.#index++, this.#parts.closing.signal);
  }

  embed(input: EmbeddingInput, options: EmbedOptions = {}): Promise<EmbedReply> {
    return embed(this.#parts.runner, input, options, () => this.#index++);
  }

  submit(request: string | ChatRequest, options: ChatRequest = {}): Job<ChatReply> {
    return submitJob(this.#parts.runner, merged(request, options), this.#index++);
  }

  batch<S extends StandardSchema>(
    requests: Requests,
    options: ManyOptions & WithSchema<S>,
  ): Promise<Result<Structured<S>>[]>;
  batch(requests: Requests, options?: ManyOptions): Promise<Result<ChatReply>[]>;
  async batch(requests: Requests, options: ManyOptions = {}): Promise<Result<ChatReply>[]> {
    const results: Result<ChatReply>[] = [];
    try {
      for await (const result of this.asCompleted(requests, options)) results[result.index] = result;
    } catch (error) {
      // What was answered has been paid for: a batch that is cancelled still hands it over.
      if (options.signal?.aborted !== true) throw error;
    }
    const asked: readonly (string | ChatRequest)[] = Array.isArray(requests) ? requests : [];
    const length = Math.max(asked.length, results.length);
    return Array.from({ length }, (_, index) => results[index] ?? unstarted(asked[index], index, options.signal));
  }

  asCompleted<S extends StandardSchema>(
    requests: Requests,
    options: ManyOptions & WithSchema<S>,
  ): Results<Structured<S>>;
  asCompleted(requests: Requests, options?: ManyOptions): Results<ChatReply>;
  asCompleted(requests: Requests, options: ManyOptions = {}): Results<ChatReply> {
    return this.map(requests, (request) => request, { ...options, order: "completion" });
  }

  map<T, S extends StandardSchema>(
    source: Source<T>,
    request: RequestOf<T>,
    options: MapOptions & WithSchema<S>,
  ): Results<Structured<S>>;
  map<T>(source: Source<T>, request: RequestOf<T>, options?: MapOptions): Results<ChatReply>;
  map<T>(
    source: Source<T>,
    request: RequestOf<T>,
    { order = "input", window, signal = never, drain, onAttempt, onAttemptEnd, ...shared }: MapOptions = {},
  ): Results<ChatReply> {
    const { runner, pools, closing } = this.#parts;
    checkSource(source);
    const hooks = {
      ...(onAttempt === undefined ? {} : { onAttempt }),
      ...(onAttemptEnd === undefined ? {} : { onAttemptEnd }),
      ...(drain === undefined ? {} : { drain }),
    };
    let isLast: (() => boolean) | undefined;
    const work: MapWork<T, Result<ChatReply>> = (item, index, controller, exhausted) => {
      isLast ??= () => exhausted() && pools.queued === 0;
      return runner.run(merged(request(item, index), shared), { ...hooks, index, controller, ofMany: true, isLast });
    };
    const room = (): number => window ?? spare + (order === "input" ? 4 : 1) * (pools.concurrency || startConcurrency);
    return mapConcurrent(source, work, {
      window: room,
      order,
      signal,
      breathe: turn,
      drains: drain === undefined ? [closing.signal] : [closing.signal, drain],
    });
  }

  on<Name extends CallEventName>(name: Name, listener: (event: CallEventOf<Name>) => void): () => void {
    return this.#parts.events.on(name, listener);
  }

  async estimate(request: string | ChatRequest, options: ChatRequest = {}): Promise<CallEstimate> {
    const asked = merged(request, options);
    const named = asked.body?.["model"] ?? asked.model;
    await this.#parts.callEstimator.load(typeof named === "string" ? named : undefined);
    return this.#parts.callEstimator.estimate(asked);
  }

  async estimates(): Promise<EstimateCall> {
    await this.#parts.callEstimator.load();
    return this.#parts.callEstimator.estimate;
  }

  stats(): LLMStats {
    const { metrics, clock, pools, breakers } = this.#parts;
    return clientStats(metrics.snapshot(clock.now()), pools, breakers());
  }

  pause(): void {
    this.#parts.pools.pause();
  }

  resume(): void {
    this.#parts.pools.resume();
  }

  learnedLimits(): PoolLearnedLimits {
    return this.#parts.pools.learned;
  }

  setLimits(limits: Limits): void {
    this.#parts.pools.setLimits(limits);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { closing, pools, runner, providers, closeCache } = this.#parts;
    closing.abort(new CallError("closed", "The client is closed"));
    await pools.close();
    await runner.ended();
    await closeCache();
    await providers.close();
  }
}

/** What a pool begins with; before the first call there is none. */
const startConcurrency = 16;

/** So many more items are out than can run at once, so that a slot that becomes free never waits for the source. */
const spare = 64;

/** A string is iterable too, but nobody means its letters. */
const checkSource = (source: unknown): void => {
  const iterable =
    typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (!iterable)
    throw new TypeError(`Cannot map: the source must be an array or another iterable, got ${typeof source}`);
};

/** A signal that nobody aborts. */
const never: AbortSignal = new AbortController().signal;

/** What an item does not say itself is as its options say. */
const merged = (request: string | ChatRequest, options: ChatRequest): ChatRequest =>
  typeof request === "string" ? { ...options, prompt: request } : { ...options, ...request };

/** Lets timers and sockets have a turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
