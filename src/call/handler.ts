import type { Call } from "./call.ts";
import type { Context } from "./context.ts";
import type { Reply } from "./reply.ts";

/** The one shape: a provider, the simulator, a finished client are all Handlers. The promise settles when the stream has *ended*. It rejects with `CallError` only. */
export type Handler = (call: Call, context: Context) => Promise<Reply>;

/** The one combinator: adds exactly one behaviour around the next Handler. */
export type Layer = (next: Handler) => Handler;

/** Stacks layers so that the first one listed sees the call first. */
export const compose =
  (...layers: readonly Layer[]): Layer =>
  (handler) =>
    layers.reduceRight((next, layer) => layer(next), handler);
