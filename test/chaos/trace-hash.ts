/** FNV-1a over numbers: two runs with the same hash went the same way. */
export class TraceHash {
  #hash = 0x811c9dc5;
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);

  add(...values: readonly number[]): void {
    for (const value of values) {
      this.#double[0] = value;
      for (const word of this.#words) this.#hash = Math.imul(this.#hash ^ word, 0x01000193);
    }
  }

  get value(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }
}
