import type { Call, ModelRef } from "../call/call.ts";
import { CallError } from "../call/call-error.ts";
import { operationNames, present, providerName } from "./call-attributes.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import type { OpenTelemetryApi, TelemetryAttributes, TelemetryTracer } from "./open-telemetry-api.ts";

/** Where a provider answers. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** What the pool of traces is told beside the calls. */
export interface RecorderOptions {
  /** The version of this library. */
  readonly version?: string;
  /** The vendor that a provider speaks like, for providers with names of their own. @default the provider's name */
  readonly vendorOf?: (provider: string) => string;
  /** Where a call goes, as far as that is known. @default not known */
  readonly serverOf?: (call: Call) => ServerAddress | undefined;
}

/** What the traces of all calls share: the means to record, and the facts that name a series. */
export class Recorder {
  readonly api: OpenTelemetryApi;
  readonly #options: RecorderOptions;
  #tracer: TelemetryTracer | undefined;
  #instruments: Instruments | undefined;

  constructor(api: OpenTelemetryApi, options: RecorderOptions) {
    this.api = api;
    this.#options = options;
  }

  /** Asked for with the first call: a meter that was asked for before the SDK is set up measures nothing, for ever. */
  get tracer(): TelemetryTracer {
    this.#tracer ??= this.api.trace.getTracer("sluice", this.#options.version);
    return this.#tracer;
  }

  get instruments(): Instruments {
    this.#instruments ??= createInstruments(this.api.metrics.getMeter("sluice", this.#options.version));
    return this.#instruments;
  }

  /** What calls of one kind have in common. */
  callSeries(call: Call): TelemetryAttributes {
    return {
      "gen_ai.operation.name": operationNames[call.operation],
      ...this.#model(call.model),
      ...this.#server(call),
    };
  }

  /** What attempts at one place have in common. */
  attemptSeries(call: Call): TelemetryAttributes {
    const { model, deployment = model.provider } = call;
    return { "sluice.deployment": deployment, ...this.#model(model) };
  }

  /** What is told of the span of an attempt; none of the conventions' names for calls, lest its tokens be counted twice. */
  attemptSpan(call: Call): TelemetryAttributes {
    const { model, deployment = model.provider } = call;
    return {
      "sluice.deployment": deployment,
      "sluice.model": `${model.provider}/${model.name}`,
      ...this.#server(call),
    };
  }

  #model({ provider, name }: ModelRef): TelemetryAttributes {
    const vendor = this.#options.vendorOf?.(provider);
    return { "gen_ai.provider.name": providerName(provider, vendor), "gen_ai.request.model": name };
  }

  #server(call: Call): TelemetryAttributes {
    const server = this.#options.serverOf?.(call);
    return present({ "server.address": server?.address, "server.port": server?.port });
  }
}

/** What kind of failure that was; never its message, for a provider may quote the prompt in it. */
export const errorType = (error: unknown): string => (error instanceof CallError ? error.code : "server");

/** `SpanKind.INTERNAL`, `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of the API, which is not imported. */
export const spanConstants = { internal: 0, client: 2, error: 2 } as const;
