import { CallError } from "../call/call-error.ts";
import type { Call, Flow } from "../call/call.ts";
import type { Context, Timeouts } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { Failure, Result } from "../call/result.ts";
import { wireFormat } from "../provider/wire-formats.ts";
import type { Clock } from "../time/clock.ts";
import { Registry } from "../time/registry.ts";
import { timeoutMs } from "../timeout/timeout-ms.ts";
import { ActiveCall, type CallListener } from "./active-call.ts";
import type { BoundableCall } from "./automatic-bound.ts";
import { buildCall, checkOutputBound, type WireRequest } from "./build-call.ts";
import type { ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Estimator } from "./estimator.ts";
import type { ReplaceableCall } from "./fallback.ts";
import { alternativesTo } from "./alternatives.ts";
import type { RouteTable } from "./routes.ts";
import { askedAgain } from "./structured/asked-again.ts";
import { answerSchema } from "./structured/answer-schema.ts";
import type { Said, StructuredCall } from "./structured/structured.ts";

/** What a runner is made of. */
export interface CallRunnerOptions {
  readonly handler: Handler;
  readonly clock: Clock;
  readonly estimator: Estimator;
  readonly routes: RouteTable;
  readonly model: string | undefined;
  /** Of requests that do not say it themselves. @default the provider's */
  readonly maxOutputTokens?: number | "auto" | undefined;
  readonly timeouts: Timeouts;
  /** Aborts when the client closes: what waits ends, what is in flight finishes. */
  readonly closing: AbortSignal;
}

/** Where and how one call runs. */
export interface RunOptions extends CallListener {
  readonly index: number;
  /** The call's own: it ends the call, and the call may abort it. */
  readonly controller: AbortController;
  readonly drain?: AbortSignal | undefined;
  /** @default false */
  readonly ofMany?: boolean;
  readonly isLast?: () => boolean;
  readonly onEvent?: Context["onEvent"];
  readonly address?: Context["address"];
  readonly onHead?: Context["onHead"];
}

/** Runs single calls through the stack and tells their results; all of `chat`, `stream`, `batch` and `map` are this, with different ends. */
export class CallRunner {
  readonly #options: CallRunnerOptions;
  readonly #active = new Registry<Promise<unknown>>();
  #sequence = 0;

  /** @throws CallError `invalid_request` when an option is wrong. */
  constructor(options: CallRunnerOptions) {
    checkOutputBound(options.maxOutputTokens);
    this.#options = options;
  }

  /** Runs one call; a failure is a result, never an exception. */
  run(request: string | ChatRequest, options: RunOptions): Promise<Result<ChatReply>> {
    const asked = typeof request === "string" ? { prompt: request } : request;
    return this.#kept(this.#run(asked, options, (id) => this.#built(id, asked)));
  }

  /** Runs a call that is in its wire format already. */
  runWire(wire: WireRequest, options: RunOptions): Promise<Result<ChatReply>> {
    return this.#kept(this.#run({ model: wire.model.name }, options, (id) => this.#asCall(id, wire, {})));
  }

  /** Returns when every call that was started has ended. */
  async ended(): Promise<void> {
    while (this.#active.size > 0) await Promise.all(this.#active);
  }

  #kept(running: Promise<Result<ChatReply>>): Promise<Result<ChatReply>> {
    const ended = running.finally(() => this.#active.remove(slot));
    const slot = this.#active.add(ended);
    return ended;
  }

  async #run(request: ChatRequest, options: RunOptions, build: (id: string) => Call): Promise<Result<ChatReply>> {
    const named = request.body?.["model"] ?? request.model ?? this.#options.model;
    const { clock, closing } = this.#options;
    const drains = options.drain === undefined ? [closing] : [closing, options.drain];
    const active = new ActiveCall(clock.now(), options.controller, drains, options);
    if (request.signal !== undefined) active.follow(request.signal);
    const id = request.id ?? String(options.index);
    const known = { id, index: options.index, retries: active.retries };
    try {
      const sequence = this.#sequence++;
      const loading = this.#options.estimator.load(typeof named === "string" ? named : "");
      if (loading !== undefined) await loading;
      const call = build(id);
      const reply = await this.#options.handler(call, this.#contextOf(request, active, sequence, options));
      const value = chatReply(reply, reply.answeredBy ?? call);
      return { ok: true, ...known, value, attempts: active.attempts, timing: active.timing(clock.now()) };
    } catch (error) {
      return { ok: false, ...known, ...failureOf(error, active), timing: active.timing(clock.now()) };
    } finally {
      active[Symbol.dispose]();
    }
  }

  #contextOf(
    { timeout }: ChatRequest,
    active: ActiveCall,
    sequence: number,
    { onEvent, address, onHead, ofMany = false, isLast }: RunOptions,
  ): Context {
    return {
      signal: active.signal,
      cancel: active.cancel,
      clock: this.#options.clock,
      attempt: 0,
      sequence,
      observe: active.observe,
      timeouts: timeout && timeoutMs(timeout, this.#options.timeouts),
      onEvent,
      ofMany,
      ...(isLast === undefined ? {} : { isLast }),
      ...(address === undefined ? {} : { address, onHead }),
    };
  }

  #built(id: string, request: ChatRequest): ReplaceableCall & StructuredCall {
    const { schema } = request;
    const call = this.#replaceable(id, request);
    if (schema === undefined) return call;
    const said = (reply: Reply): Said => saidIn(reply, call);
    const { wrapped } = answerSchema(schema, request.jsonSchema);
    // What a whole body asks for is the caller's.
    if (request.body !== undefined) return { ...call, schema, said };
    const again = (answer: string, problems: readonly string[]): Call =>
      this.#replaceable(id, askedAgain(request, answer, problems));
    return { ...call, schema, wrapped, said, askedAgain: again };
  }

  #replaceable(id: string, request: ChatRequest): ReplaceableCall {
    const wire = buildCall(request, this.#options, this.#options.routes);
    const others = alternativesTo(request, wire, this.#options);
    const call = this.#asCall(id, wire, request);
    if (others.length === 0) return call;
    return { ...call, alternatives: () => others.map((other) => this.#asCall(id, other, request)) };
  }

  #asCall(id: string, wire: WireRequest, request: ChatRequest): BoundableCall {
    return { id, ...wire, demand: this.#options.estimator.demand(wire), flow: flowOf(request) };
  }
}

const flowOf = ({ priority = 0, tenant }: ChatRequest): Flow =>
  tenant === undefined ? { priority } : { priority, tenant };

const failureOf = (error: unknown, { attempts }: ActiveCall): Pick<Failure, "error" | "attempts"> => {
  if (error instanceof CallError) return { error: error.with({ attempts }), attempts };
  const message = error instanceof Error ? error.message : String(error);
  return { error: new CallError("invalid_request", message, { cause: error, attempts }), attempts };
};

type Asked = Pick<WireRequest, "operation" | "model">;

const saidIn = ({ answeredBy, body }: Reply, call: Call): Said => {
  const format = wireFormat((answeredBy ?? call).operation);
  return { text: format.text(body), finishReason: format.finishReason(body), refusal: format.refusal?.(body) };
};

const chatReply = (
  { body, status, usage, requestId, object, cost, reused, answeredBy }: Reply,
  { operation, model: asked }: Asked,
): ChatReply => {
  const format = wireFormat(operation);
  const finishReason = format.finishReason(body);
  const model = body["model"] ?? body["modelVersion"];
  const toolCalls = format.toolCalls?.(body) ?? [];
  return {
    text: format.text(body),
    model: typeof model === "string" ? model : asked.name,
    body,
    status,
    ...(answeredBy === undefined ? {} : { answeredBy: `${answeredBy.model.provider}/${answeredBy.model.name}` }),
    ...(object === undefined ? {} : { object }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    ...(reused === undefined ? {} : { reused }),
    ...(requestId === undefined ? {} : { requestId }),
  };
};
