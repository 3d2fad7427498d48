const samples = 30;
const betweenMs = 1000;

/** How fast a count has grown lately: over the last half minute. */
export class RecentPace {
  readonly #times: number[] = [];
  readonly #counts: number[] = [];

  /** Tells the count; cheap, and kept once a second. */
  tell(now: number, count: number): void {
    const last = this.#times.at(-1);
    if (last !== undefined && now - last < betweenMs) return;
    this.#times.push(now);
    this.#counts.push(count);
    if (this.#times.length <= samples) return;
    this.#times.shift();
    this.#counts.shift();
  }

  /** How long `left` more will take at this pace; absent while there is none. */
  timeFor(left: number, now: number, count: number): number | undefined {
    const [since, from] = [this.#times[0], this.#counts[0]];
    if (since === undefined || from === undefined || count <= from || now - since < betweenMs) return undefined;
    return (left * (now - since)) / (count - from);
  }
}
