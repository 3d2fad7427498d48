import type { Result } from "../call/result.ts";
import type { SDKName, SDKOptions } from "./fetch/client-options.ts";
import type { PoolLearnedLimits } from "./pool-stats.ts";
import type { Limits } from "../limit/limits.ts";
import type { OutputOf, StandardSchema } from "../call/standard-schema.ts";
import type { ChatPart, ChatReply, StructuredReply } from "./chat-reply.ts";
import type { CallEventName, CallEventOf } from "../observe/call-events.ts";
import type { CallEstimate } from "./call-estimate.ts";
import type { EstimateCall } from "./call-estimator.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { EmbedOptions, EmbedReply } from "./embed.ts";
import type { EmbeddingInput } from "../provider/openai/embedding-vectors.ts";
import type { Job } from "./job.ts";
import type { OnAttempt, OnAttemptEnd } from "./active-call.ts";
import type { LLMStats } from "./stats.ts";

/** Options of the calls that take many prompts. */
export interface ManyOptions extends Omit<ChatRequest, "prompt" | "messages" | "body" | "id"> {
  /** Aborting it takes nothing more from the source, ends what waits with code `closed`, and lets the calls in flight finish. */
  readonly drain?: AbortSignal;
  /** Called right before each request goes out, retries included. What it returns keeps the request back, and ends the call. */
  readonly onAttempt?: OnAttempt;
  /** Called when an attempt has ended; without a failure it brought the answer. */
  readonly onAttemptEnd?: OnAttemptEnd;
  /** How many items may be taken from the source before their results are taken. @default 64 more than run at once; in input order, than four times as many */
  readonly window?: number;
}

/** Options of `map`. */
export interface MapOptions extends ManyOptions {
  /** @default 'input' */
  readonly order?: "input" | "completion";
}

/** Anything that can be iterated, now or as it comes. */
export type Source<T> = Iterable<T> | AsyncIterable<T>;

/** A request, or the options of many, whose answers fit a schema. */
export interface WithSchema<S extends StandardSchema> {
  readonly schema: S;
}

/** What answers an item of many. */
export type RequestOf<T> = (item: T, index: number) => string | ChatRequest;

/** The verbs that ask. With a `schema`, the reply's `object` is what that schema reads. */
interface Asking {
  /** One call. @throws CallError */
  chat<S extends StandardSchema>(request: ChatRequest & WithSchema<S>, options?: ChatRequest): Promise<Structured<S>>;
  chat<S extends StandardSchema>(
    request: string | ChatRequest,
    options: ChatRequest & WithSchema<S>,
  ): Promise<Structured<S>>;
  chat(request: string | ChatRequest, options?: ChatRequest): Promise<ChatReply>;
  /** Many calls; results in input order. A failed call is a result, never an exception. */
  batch<S extends StandardSchema>(
    requests: Requests,
    options: ManyOptions & WithSchema<S>,
  ): Promise<Result<Structured<S>>[]>;
  batch(requests: Requests, options?: ManyOptions): Promise<Result<ChatReply>[]>;
  /** Many calls; results as they finish. Leaving the loop cancels what is left. */
  asCompleted<S extends StandardSchema>(
    requests: Requests,
    options: ManyOptions & WithSchema<S>,
  ): Results<Structured<S>>;
  asCompleted(requests: Requests, options?: ManyOptions): Results<ChatReply>;
  /** Many calls over any source, pulled as there is room: bounded memory however long the source. */
  map<T, S extends StandardSchema>(
    source: Source<T>,
    request: RequestOf<T>,
    options: MapOptions & WithSchema<S>,
  ): Results<Structured<S>>;
  map<T>(source: Source<T>, request: RequestOf<T>, options?: MapOptions): Results<ChatReply>;
}

/** Many requests. */
export type Requests = Source<string | ChatRequest>;

/** Results as they come. */
export type Results<T> = AsyncGenerator<Result<T>, void, undefined>;

/** A reply whose answer fits a schema. */
export type Structured<S extends StandardSchema> = StructuredReply<OutputOf<S>>;

/** A client: every call passes its limits, retries and timeouts. Made by `createLLM`. */
export interface LLM extends Asking, AsyncDisposable {
  /** One call, its text as it arrives; leaving the loop aborts the request. @throws CallError */
  stream(request: string | ChatRequest, options?: ChatRequest): AsyncIterable<ChatPart>;
  /** One call to watch, steer and await. */
  submit(request: string | ChatRequest, options?: ChatRequest): Job<ChatReply>;
  /** Vectors of texts, in input order; many inputs become several calls. @throws CallError */
  embed(input: EmbeddingInput, options?: EmbedOptions): Promise<EmbedReply>;
  /** A drop-in `fetch` for SDKs: their calls go where they would have gone, under the limits, retries and timeouts of this client. */
  readonly fetch: typeof globalThis.fetch;
  /** What to make an SDK with, so that it leaves limits, retries and timeouts to this client: `new OpenAI(llm.clientOptions("openai"))`. */
  clientOptions<Name extends SDKName>(sdk: Name): SDKOptions[Name];
  /** Tells what happens to each call, by the type of event or `*` for all, until the returned function is called. @throws TypeError */
  on<Name extends CallEventName>(name: Name, listener: (event: CallEventOf<Name>) => void): () => void;
  /** What a call will take and cost, and what it may cost at most; nothing is sent. @throws CallError */
  estimate(request: string | ChatRequest, options?: ChatRequest): Promise<CallEstimate>;
  /** Loads prices, and gives what estimates calls at once, for very many of them. */
  estimates(): Promise<EstimateCall>;
  stats(): LLMStats;
  /** Starts nothing more until `resume`; what is in flight goes on. */
  pause(): void;
  resume(): void;
  /** Changes limits while calls run; what is not named stays. */
  setLimits(limits: Limits): void;
  /** What was found out about the limits: give it to the next client as `learnedLimits`, and it begins there. */
  learnedLimits(): PoolLearnedLimits;
  /** Ends what waits with code `closed`, lets the calls in flight finish, and closes the connections. */
  close(): Promise<void>;
}
