/** How a provider's quota comes back: steadily, all at once, or in a way that its headers do not show. */
export type ServerKind = "bucket" | "window" | "unknown";

/** One reading: sent when, how much was left, and in what time it is full again. */
export interface ModelReading {
  readonly sentAt: number;
  readonly remaining: number;
  readonly resetMs: number;
}

const fewestVotes = 8;
const mostReadings = 60;
const neededShare = 0.9;
/** A reading decides for one model when the other misses it by this much more. */
const decisiveMs = 100;
/** A reading that both models miss by this much is of neither kind; after a few of them the provider is. */
const oddMs = 2000;
const mostOdd = 8;
/** Near the end of a window nobody knows in which of the two a request was counted. */
const boundaryMs = 2000;
/** Older votes fade, so that a provider that changes is followed. */
const mostVotes = 64;

/**
 * Tells a bucket from a window by the pairs of what remains and the time to the reset.
 *
 * For a bucket `remaining + reset·rate` is always its depth; for a window `time + reset` is always its end. Each reading
 * is predicted both ways from an anchor, and votes for the model that misses it by less.
 */
export class ServerModel {
  #anchor: ModelReading | undefined;
  #buckets = 0;
  #windows = 0;
  #odd = 0;
  #readings = 0;

  get kind(): ServerKind {
    const votes = this.#buckets + this.#windows;
    if (votes < fewestVotes || this.#odd >= mostOdd) return "unknown";
    if (this.#buckets >= neededShare * votes) return "bucket";
    return this.#windows >= neededShare * votes ? "window" : "unknown";
  }

  /** Whether so many readings have fitted neither model that there is no use in going by them. */
  get hopeless(): boolean {
    return this.kind === "unknown" && this.#readings > mostReadings;
  }

  observe(reading: ModelReading, perMs: number): void {
    const anchor = this.#anchor;
    this.#readings += 1;
    const endsAt = anchor === undefined ? 0 : anchor.sentAt + anchor.resetMs;
    if (anchor !== undefined && !isNear(reading.sentAt, endsAt, anchor.resetMs)) this.#vote(anchor, reading, perMs);
    if (anchor === undefined || reading.sentAt >= endsAt) this.#anchor = reading;
  }

  #vote(anchor: ModelReading, { sentAt, remaining, resetMs }: ModelReading, perMs: number): void {
    const asBucket = Math.abs(resetMs - (anchor.resetMs + (anchor.remaining - remaining) / perMs));
    const asWindow = Math.abs(sentAt + resetMs - (anchor.sentAt + anchor.resetMs));
    // Many providers give whole seconds.
    const tolerance = decisiveMs + (resetMs % 1000 === 0 && anchor.resetMs % 1000 === 0 && resetMs > 0 ? 1000 : 0);
    if (asBucket + tolerance < asWindow) this.#buckets += 1;
    else if (asWindow + tolerance < asBucket) this.#windows += 1;
    if (Math.min(asBucket, asWindow) > oddMs + tolerance) this.#odd += 1;
    if (this.#buckets + this.#windows < mostVotes) return;
    this.#buckets /= 2;
    this.#windows /= 2;
  }
}

/** A bucket that is nearly full has no end worth the name. */
const isNear = (time: number, endsAt: number, resetMs: number): boolean =>
  resetMs > 2 * boundaryMs && Math.abs(time - endsAt) < boundaryMs;
