import { requestsBind, type ServerWorld, tokensBind } from "../server-worlds.ts";

/** One run over HTTP. */
export interface RealCase {
  readonly name: string;
  readonly world: ServerWorld;
  /** Whether the client is told the limits, or reads them in the headers. */
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

/** Each server with a client that is told its limits and with one that is not. */
export const realCases: readonly RealCase[] = worlds.flatMap((world) => [
  { name: `${world.name}, configured`, world, isTold: true },
  { name: `${world.name}, headers only`, world, isTold: false },
]);
