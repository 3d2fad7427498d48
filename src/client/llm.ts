import type { Result } from "../call/result.ts";
import type { PoolLearnedLimits } from "./pool-stats.ts";
import type { Limits } from "../limit/limits.ts";
import type { CallEventName, CallEventOf } from "../observe/call-events.ts";
import type { ChatPart, ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Job } from "./job.ts";
import type { LLMStats } from "./stats.ts";

/** Options of the calls that take many prompts. */
export interface ManyOptions extends Omit<ChatRequest, "prompt" | "messages" | "body" | "id"> {
  /** Aborting it takes nothing more from the source, ends what waits with code `closed`, and lets the calls in flight finish. */
  readonly drain?: AbortSignal;
  /** Called right before each request goes out, retries included. */
  readonly onAttempt?: (id: string, attempt: number) => void;
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

/** A client: every call passes its limits, retries and timeouts. Made by `createLLM`. */
export interface LLM extends AsyncDisposable {
  /** One call. @throws CallError */
  chat(request: string | ChatRequest, options?: ChatRequest): Promise<ChatReply>;
  /** One call, its text as it arrives; leaving the loop aborts the request. @throws CallError */
  stream(request: string | ChatRequest, options?: ChatRequest): AsyncIterable<ChatPart>;
  /** Many calls; results in input order. A failed call is a result, never an exception. */
  batch(requests: Source<string | ChatRequest>, options?: ManyOptions): Promise<Result<ChatReply>[]>;
  /** Many calls; results as they finish. Leaving the loop cancels what is left. */
  asCompleted(requests: Source<string | ChatRequest>, options?: ManyOptions): AsyncIterable<Result<ChatReply>>;
  /** Many calls over any source, pulled as there is room: bounded memory however long the source. */
  map<T>(
    source: Source<T>,
    request: (item: T, index: number) => string | ChatRequest,
    options?: MapOptions,
  ): AsyncIterable<Result<ChatReply>>;
  /** One call to watch, steer and await. */
  submit(request: string | ChatRequest, options?: ChatRequest): Job<ChatReply>;
  /** Tells what happens to each call, by the type of event or `*` for all, until the returned function is called. @throws TypeError */
  on<Name extends CallEventName>(name: Name, listener: (event: CallEventOf<Name>) => void): () => void;
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
