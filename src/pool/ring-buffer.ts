/** A first-in, first-out queue whose steps cost the same however long it is. */
export class RingBuffer<T> {
  #items: (T | undefined)[] = Array.from({ length: 16 });
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The oldest item, which stays. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size++;
  }

  /** Takes the oldest item out. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size--;
    return item;
  }

  /** The length stays a power of two, so that a mask can replace the remainder. */
  #grow(): void {
    const old = this.#items;
    this.#items = Array.from({ length: old.length * 2 }, (_, index) =>
      index < old.length ? old[(this.#head + index) & (old.length - 1)] : undefined,
    );
    this.#head = 0;
  }
}
