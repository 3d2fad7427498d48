/**
 * A set of things that come and go by the million, each known by the slot it was given.
 *
 * Use it instead of a `Set` that lives long: V8 links each table that such a set outgrows to the next one, and once
 * one of them has grown old, everything that was ever in the set stays in memory until the next full collection.
 */
export class Registry<T> implements Iterable<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#items.length - this.#free.length;
  }

  /** Adds an item and returns its slot. */
  add(item: T): number {
    const slot = this.#free.pop() ?? this.#items.length;
    this.#items[slot] = item;
    return slot;
  }

  /** Takes the item of a slot out; once only, for the slot is given to another. */
  remove(slot: number): void {
    this.#items[slot] = undefined;
    this.#free.push(slot);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }
}
