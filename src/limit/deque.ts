/** A queue with two ends in a ring: what is near its front can also be put in and taken out cheaply. */
export class Deque<T> implements Iterable<T> {
  #slots: (T | undefined)[] = [undefined, undefined];
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): T | undefined {
    return index < this.#length ? this.#slots[this.#slot(index)] : undefined;
  }

  get last(): T | undefined {
    return this.#length === 0 ? undefined : this.#slots[this.#slot(this.#length - 1)];
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#resize(2 * this.#length);
    this.#slots[this.#slot(this.#length)] = item;
    this.#length += 1;
  }

  /** Puts an item before the one at `index`, in O(index). */
  insert(index: number, item: T): void {
    if (this.#length === this.#slots.length) this.#resize(2 * this.#length);
    this.#first = this.#slot(-1);
    this.#length += 1;
    const slots = this.#slots;
    for (let at = 0; at < index; at += 1) slots[this.#slot(at)] = slots[this.#slot(at + 1)];
    slots[this.#slot(index)] = item;
  }

  /** Takes out the item at `index`, in O(index). */
  remove(index: number): void {
    const slots = this.#slots;
    for (let at = index; at > 0; at -= 1) slots[this.#slot(at)] = slots[this.#slot(at - 1)];
    slots[this.#first] = undefined;
    this.#first = this.#slot(1);
    this.#length -= 1;
    if (4 * this.#length < slots.length && slots.length > 2) this.#resize(slots.length >> 1);
  }

  /** Keeps only the items that pass, in O(n). */
  filter(keep: (item: T) => boolean): void {
    const kept = [...this].filter(keep);
    this.#slots = [undefined, undefined];
    this.#first = 0;
    this.#length = 0;
    for (const item of kept) this.push(item);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.#length; index += 1) yield this.#slots[this.#slot(index)] as T;
  }

  /** The capacity is a power of two, so that the ring closes with a mask. */
  #slot(index: number): number {
    return (this.#first + index) & (this.#slots.length - 1);
  }

  #resize(capacity: number): void {
    const slots = this.#slots;
    const end = this.#first + this.#length;
    const resized = slots.slice(this.#first, end);
    if (end > slots.length) for (let at = 0; at < end - slots.length; at += 1) resized.push(slots[at]);
    resized.length = capacity;
    this.#slots = resized;
    this.#first = 0;
  }
}
