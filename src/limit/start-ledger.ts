/** Starts closer together than this share one entry. */
const grainMs = 10;
const mostEntries = 8192;

/**
 * What was started when, as running totals: it answers how much has been started since any time in the last minute or
 * more. A provider's header speaks of the time when its request arrived; everything sent since is missing in it.
 */
export class StartLedger {
  /** Everything ever started. */
  total = 0;
  #times = new Float64Array(64);
  #totals = new Float64Array(64);
  /** How many entries were ever made; the newest are kept. */
  #made = 0;

  add(now: number, amount: number): void {
    this.total += amount;
    const newest = (this.#made - 1) % this.#times.length;
    if (this.#made === 0 || now - (this.#times[newest] ?? 0) >= grainMs) this.#append(now);
    else this.#totals[newest] = this.total;
  }

  /** The total at a time, of everything started up to then; what is older than the memory counts as started before. */
  totalAt(time: number): number {
    const size = this.#times.length;
    let low = Math.max(0, this.#made - size);
    let high = this.#made;
    const oldest = low;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle % size] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    return this.#totals[(low === oldest ? oldest : low - 1) % size] ?? 0;
  }

  since(time: number): number {
    return this.total - this.totalAt(time);
  }

  /** The amounts with their times after `time`, oldest first. */
  *entries(time: number): Generator<readonly [at: number, amount: number]> {
    const size = this.#times.length;
    for (let entry = Math.max(0, this.#made - size); entry < this.#made; entry++) {
      const at = this.#times[entry % size] ?? 0;
      const before = entry === 0 ? 0 : (this.#totals[(entry - 1 + size) % size] ?? 0);
      if (at > time && (entry === 0 || entry > this.#made - size))
        yield [at, (this.#totals[entry % size] ?? 0) - before];
    }
  }

  #append(now: number): void {
    if (this.#made === this.#times.length && this.#made < mostEntries) this.#grow();
    const slot = this.#made % this.#times.length;
    this.#times[slot] = now;
    this.#totals[slot] = this.total;
    this.#made += 1;
  }

  /** Nothing has wrapped round before the ring has its full size. */
  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    const totals = new Float64Array(times.length);
    times.set(this.#times);
    totals.set(this.#totals);
    this.#times = times;
    this.#totals = totals;
  }
}
