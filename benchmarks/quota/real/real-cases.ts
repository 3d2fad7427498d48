import { peers } from "../clients/peers.ts";
import type { PeerClient } from "../quota-client.ts";
import { requestsBind, type ServerWorld, tokensBind } from "../server-worlds.ts";

/** One run over HTTP. */
export interface RealCase {
  readonly name: string;
  readonly world: ServerWorld;
  /** Another client than sluice. */
  readonly peer?: PeerClient;
  /** Whether sluice is told the limits, or reads them in the headers. */
  readonly isTold: boolean;
}

const shapes = [
  ["bucket 60 s", {}],
  ["bucket 10 s", { burstMs: 10_000 }],
  ["window 60 s", { quota: "window" }],
] as const;

const worlds: readonly ServerWorld[] = [
  ...shapes.flatMap(([name, shape]) => [
    requestsBind(`${name}, requests`, shape),
    tokensBind(`${name}, tokens`, shape),
  ]),
  requestsBind("bucket 1 s, requests", { requestQuota: { burstMs: 1000 }, tokenQuota: { burstMs: 10_000 } }),
];

/** Each server with sluice, told its limits and not, and with the others. */
export const realCases: readonly RealCase[] = worlds.flatMap((world) => [
  { name: `${world.name}, configured`, world, isTold: true },
  { name: `${world.name}, headers only`, world, isTold: false },
  ...peers.map(({ name, client }) => ({ name: `${world.name}, ${name}`, world, peer: client, isTold: true })),
]);
