import type { LatencyLaw } from "../../src/simulator/usual-latency.ts";
import type { VirtualProvider } from "../../src/simulator/virtual-provider.ts";
import type { VirtualClock } from "../../src/time/virtual-clock.ts";
import type { ChatCall } from "./chat-calls.ts";
import type { KnownLimit } from "./known-limit.ts";

/** What any client needs to know of where it works. */
interface PeerWorld {
  /** What the client may be told about the server before it starts. */
  readonly known: KnownLimit;
  /** One attempt at one call; rejects as the server refuses. */
  readonly attempt: (call: ChatCall) => Promise<void>;
  /** What is to be done, taken one by one. */
  readonly calls: Iterable<ChatCall>;
  /** Told of each call that failed for good. */
  readonly lost: () => void;
}

/** Where a client works in virtual time. */
export interface ClientWorld extends PeerWorld {
  readonly clock: VirtualClock;
  readonly provider: VirtualProvider;
}

/** One way of making very many calls, wherever they go. It ends when every call has ended. */
export type PeerClient = (world: PeerWorld) => Promise<void>;

/** The same in virtual time. */
export type QuotaClient = (world: ClientWorld) => Promise<void>;

/** Half a second and 15 ms a token, always. */
export const exactLatency: LatencyLaw = (_rng, _input, output) => ({ firstMs: 500, totalMs: 500 + 15 * output });
