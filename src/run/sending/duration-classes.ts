import type { JsonObject } from "../../call/json.ts";
import type { Operation } from "../../call/call.ts";
import { estimateTokens } from "../../provider/tokens/estimate-tokens.ts";
import { wireFormat } from "../../provider/wire-formats.ts";

/** What an answer takes where nothing tells the rows apart: all get the same, so only its share of the whole matters. */
const usualOutputTokens = 256;
/** Fifty tokens a second, as a hosted model of middle size writes them. */
const msPerOutputToken = 20;
/** Reading is some sixty times as fast as writing. */
const msPerInputToken = 0.3;

/** Classes are below it; a row may name any number as its bound. */
export const classLimit = 40;

/**
 * Collects how long each row's call may take, in classes a factor of two wide.
 * Two bytes a row while rows are added, because only the last one tells whether the bounds differ; then one.
 */
export class DurationClasses {
  #rows = 0;
  /** By the bound that a row sets on its output, and by its input alone. */
  #bounded = new Uint8Array(256);
  #unbounded = new Uint8Array(256);
  #firstBound = 0;
  #boundsDiffer = false;

  add(body: JsonObject, operation: Operation = "chat"): void {
    const format = wireFormat(operation);
    const inputTokens = format.inputTokens(body, estimateTokens);
    const bound = format.outputBound(body) ?? 0;
    if (this.#rows === 0) this.#firstBound = bound;
    else if (bound !== this.#firstBound) this.#boundsDiffer = true;
    if (this.#rows === this.#bounded.length) this.#grow();
    this.#bounded[this.#rows] = durationClass(inputTokens, bound === 0 ? usualOutputTokens : bound);
    this.#unbounded[this.#rows] = durationClass(inputTokens, usualOutputTokens);
    this.#rows += 1;
  }

  /** The class of each row: a bound that all rows share says nothing about any of them. */
  finish(): Uint8Array {
    return (this.#boundsDiffer ? this.#bounded : this.#unbounded).slice(0, this.#rows);
  }

  #grow(): void {
    const capacity = Math.ceil(this.#rows * 1.5);
    this.#bounded = resized(this.#bounded, capacity);
    this.#unbounded = resized(this.#unbounded, capacity);
  }
}

const durationClass = (inputTokens: number, outputTokens: number): number => {
  const expectedMs = outputTokens * msPerOutputToken + inputTokens * msPerInputToken;
  return Math.min(Math.floor(Math.log2(1 + expectedMs)), classLimit - 1);
};

const resized = (array: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(length);
  copy.set(array);
  return copy;
};
