/** A binary heap: the item that comes first by `before` is always at the top. */
export class Heap<T> implements Iterable<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;
  readonly #placed: ((item: T, index: number) => void) | undefined;

  /** @param placed told at which index an item stands each time that changes, and -1 once it is out. */
  constructor(before: (a: T, b: T) => boolean, placed?: (item: T, index: number) => void) {
    this.#before = before;
    this.#placed = placed;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1);
  }

  pop(): T | undefined {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.#sink(0);
    }
    if (top !== undefined && this.#placed !== undefined) this.#placed(top, -1);
    return top;
  }

  /** Puts the item at `index` where it belongs after something about it has changed. */
  moved(index: number): void {
    this.#rise(index);
    this.#sink(index);
  }

  /** Every item, in no particular order. */
  *[Symbol.iterator](): Generator<T> {
    yield* this.#items;
  }

  /** Keeps only the items that pass, in O(n). */
  filter(keep: (item: T) => boolean): void {
    const items = this.#items.splice(0);
    for (const item of items) {
      if (keep(item)) this.push(item);
      else if (this.#placed !== undefined) this.#placed(item, -1);
    }
  }

  #rise(start: number): void {
    const items = this.#items;
    const item = items[start] as T;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent] as T;
      if (!this.#before(item, above)) break;
      this.#place(above, index);
      index = parent;
    }
    this.#place(item, index);
  }

  #sink(start: number): void {
    const items = this.#items;
    const item = items[start] as T;
    const half = items.length >> 1;
    let index = start;
    while (index < half) {
      let child = 2 * index + 1;
      const right = child + 1;
      if (right < items.length && this.#before(items[right] as T, items[child] as T)) child = right;
      const below = items[child] as T;
      if (!this.#before(below, item)) break;
      this.#place(below, index);
      index = child;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    if (this.#placed !== undefined) this.#placed(item, index);
  }
}
