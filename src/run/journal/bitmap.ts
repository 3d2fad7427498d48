/** One bit for each row: a million rows take 125 kB. */
export class Bitmap {
  readonly #bits: Uint8Array;
  #count = 0;

  constructor(size: number) {
    this.#bits = new Uint8Array(Math.ceil(size / 8));
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  has(at: number): boolean {
    return ((this.#bits[at >>> 3] ?? 0) & (1 << (at & 7))) !== 0;
  }

  add(at: number): void {
    if (this.has(at)) return;
    this.#bits[at >>> 3] = (this.#bits[at >>> 3] ?? 0) | (1 << (at & 7));
    this.#count += 1;
  }

  delete(at: number): void {
    if (!this.has(at)) return;
    this.#bits[at >>> 3] = (this.#bits[at >>> 3] ?? 0) & ~(1 << (at & 7));
    this.#count -= 1;
  }
}
