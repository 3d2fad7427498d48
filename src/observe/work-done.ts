import type { CallEvent } from "../call/call-event.ts";
import type { Usage } from "../call/reply.ts";
import type { Work, WorkGroup } from "./lower-bound.ts";

/** The calls that succeeded, by how long their last attempt took, and the time that was needed for them. */
export interface WorkSoFar extends Work {
  readonly groups: readonly MeasuredGroup[];
  /** The time in which at least one call was waiting or running. */
  readonly busyMs: number;
}

/** Calls of about the same latency: within some four per cent. */
export interface MeasuredGroup extends WorkGroup {
  /** The latency by its place on a scale of sixteen steps to the doubling. */
  readonly step: number;
}

/**
 * Folds call events into the work that a bound is made of, in fixed memory: latencies go into steps of a logarithmic scale.
 *
 * The bound stays one: a step stands for its shortest call, and calls made shorter finish no later in any schedule. And
 * adding up the costs of a step loses nothing: of calls of one latency, the last to be admitted decides.
 */
export class WorkDone {
  readonly #least: Float64Array = new Float64Array(steps).fill(Infinity);
  readonly #requests: Float64Array = new Float64Array(steps);
  readonly #input: Float64Array = new Float64Array(steps);
  readonly #output: Float64Array = new Float64Array(steps);
  readonly #largest = { request: 0, input: 0, output: 0, total: 0 };
  #slotMs = 0;
  #active = 0;
  #busyMs = 0;
  #busySince = 0;

  readonly listen = (event: CallEvent): void => {
    if (event.type === "call-start") this.#started(event.at);
    else if (event.type === "call-end") {
      this.#ended(event.at);
      // Retries are not necessary work, and neither is what failed in the end, or was answered already.
      if (event.code === undefined && event.reused === undefined) this.#add(event.attemptMs ?? 0, event.usage);
    }
  };

  snapshot(now: number): WorkSoFar {
    const groups: MeasuredGroup[] = [];
    for (let step = steps - 1; step >= 0; step--) {
      const request = at(this.#requests, step);
      if (request === 0) continue;
      const input = at(this.#input, step);
      const output = at(this.#output, step);
      groups.push({ step, leastMs: at(this.#least, step), request, input, output, total: input + output });
    }
    const busyMs = this.#busyMs + (this.#active > 0 ? now - this.#busySince : 0);
    return { groups, slotMs: this.#slotMs, largest: { ...this.#largest }, busyMs };
  }

  #started(now: number): void {
    if (this.#active === 0) this.#busySince = now;
    this.#active += 1;
  }

  #ended(now: number): void {
    if (this.#active === 0) return;
    this.#active -= 1;
    if (this.#active === 0) this.#busyMs += now - this.#busySince;
  }

  #add(latencyMs: number, { inputTokens, outputTokens }: Tokens = noTokens): void {
    const step = stepOf(latencyMs);
    this.#least[step] = Math.min(at(this.#least, step), latencyMs);
    this.#requests[step] = at(this.#requests, step) + 1;
    this.#input[step] = at(this.#input, step) + inputTokens;
    this.#output[step] = at(this.#output, step) + outputTokens;
    this.#slotMs += latencyMs;
    const { input, output, total } = this.#largest;
    this.#largest.request = 1;
    this.#largest.input = Math.max(input, inputTokens);
    this.#largest.output = Math.max(output, outputTokens);
    this.#largest.total = Math.max(total, inputTokens + outputTokens);
  }
}

type Tokens = Pick<Usage, "inputTokens" | "outputTokens">;

const noTokens: Tokens = { inputTokens: 0, outputTokens: 0 };

const stepsPerDoubling = 16;
/** From 1 ms to 2^24 ms, which is more than four hours; what is longer counts with the longest. */
const steps = 24 * stepsPerDoubling;

const stepOf = (latencyMs: number): number =>
  Math.min(steps - 1, Math.floor(Math.log2(Math.max(1, latencyMs)) * stepsPerDoubling));

const at = (values: Float64Array, index: number): number => values[index] ?? 0;
