import type { Limits } from "../../src/limit/limits.ts";
import { logNormal } from "../../src/simulator/log-normal.ts";
import { type Rng, seededRng } from "../../src/time/rng.ts";
import type { VirtualProviderOptions } from "../../src/simulator/virtual-provider.ts";

/** What one call is like, and what happens to it from outside. */
export interface CallPlan {
  readonly atMs: number;
  readonly input: number;
  readonly output: number;
  /** How long its text is: the client estimates the tokens from it. */
  readonly characters: number;
  readonly bound?: number;
  readonly stream: boolean;
  readonly priority: number;
  readonly tenant?: string;
  readonly cancelAtMs?: number;
  readonly totalMs?: number;
}

/** What is done to the headers on their way to the client. */
export interface HeaderTrouble {
  readonly lost: number;
  readonly sentinels: number;
  readonly lagMs: number;
}

/** A world as data: everything about it follows from its seed. */
export interface WorldPlan {
  readonly seed: number;
  readonly server: ServerKind;
  readonly mode: ClientMode;
  readonly provider: Omit<VirtualProviderOptions, "clock">;
  readonly limits: Limits;
  readonly changes: readonly { readonly atMs: number; readonly limits: Limits }[];
  readonly headers: HeaderTrouble;
  readonly calls: readonly CallPlan[];
}

/** How the server keeps its quotas. */
type ServerKind = (typeof serverKinds)[number];
/** What the client knows of them. */
export type ClientMode = (typeof clientModes)[number];

const serverKinds = [
  "bucket 60 s",
  "bucket 10 s",
  "bucket 1 s",
  "aligned window",
  "window with a phase",
  "sliding",
  "quantised to 1 s",
  "quantised to 10 s",
  "streaming charge",
  "slots",
  "saturating",
] as const;
const clientModes = ["configured", "headers", "neither", "far too high"] as const;

/** Draws a world. */
export const planOf = (seed: number): WorldPlan => {
  const rng = seededRng(Math.imul(seed, 0x9e3779b1) ^ 0x51ce);
  const one = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(rng() * of.length)] ?? of[0];
  const server = one(serverKinds);
  const mode = one(clientModes);
  // Where a second's worth is all that there is, it must be more than others take away one by one.
  const busy = server === "bucket 1 s" || server === "quantised to 1 s";
  const requests = Math.round((busy ? 600 : 60) * logNormal(rng, busy ? 0.3 : 1)) + 20;
  const tokens = Math.round(40_000 * logNormal(rng, 0.7)) + 8000;
  const told = serverLimits(server, requests, tokens);
  const troubled = rng() < 0.5;
  return {
    seed,
    server,
    mode,
    provider: {
      ...told,
      ...shapes[server],
      ...(server === "window with a phase" ? { windowPhaseMs: Math.floor(rng() * 60_000) } : {}),
      seed,
      tokenCharge: server === "streaming charge" ? "actual" : one(["bound", "actual"]),
      headers: mode !== "neither" && rng() < 0.9,
      headerQuantum: one([1, 1, 10, 1000]),
      hints: rng() < 0.7,
      foreignShare: one([0, 0, 0, 0.1, 0.3]),
      networkMs: networkLaw(one(["still", "usual", "wild"])),
      faults: troubled ? one([0, 0.02, 0.1]) : 0,
      hangs: troubled ? one([0, 0.02]) : 0,
      outages: troubled && rng() < 0.3 ? [{ fromMs: 20_000, toMs: 20_000 + Math.floor(rng() * 60_000) }] : [],
      reportOutput: rng() < 0.5,
    },
    limits: clientLimits(mode, told, rng),
    changes: rng() < 0.2 ? limitChanges(told, rng) : [],
    headers: {
      lost: one([0, 0, 0.3, 0.9]),
      sentinels: one([0, 0, 0.05]),
      lagMs: one([0, 0, 500, 5000]),
    },
    calls: callPlans(rng, { tokens, server }),
  };
};

/** Limits that only the server's kind makes sense of. */
const serverLimits = (server: ServerKind, requests: number, tokens: number): Told => {
  if (server === "slots") return { maxConcurrent: 4 + (requests % 60) };
  if (server === "saturating") return {};
  if (server === "streaming charge")
    return { inputTokensPerMinute: tokens, outputTokensPerMinute: Math.ceil(tokens / 3) };
  return { requestsPerMinute: requests, tokensPerMinute: tokens };
};

type Told = Pick<
  VirtualProviderOptions,
  "requestsPerMinute" | "tokensPerMinute" | "inputTokensPerMinute" | "outputTokensPerMinute" | "maxConcurrent"
>;

const shapes: Readonly<Record<ServerKind, Partial<VirtualProviderOptions>>> = {
  "bucket 60 s": { quota: "bucket", burstMs: 60_000 },
  "bucket 10 s": { quota: "bucket", burstMs: 10_000 },
  "bucket 1 s": { quota: "bucket", burstMs: 10_000, requestQuota: { quota: "bucket", burstMs: 1000 } },
  "aligned window": { quota: "window" },
  "window with a phase": { quota: "window" },
  sliding: { quota: "sliding" },
  "quantised to 1 s": { quota: "bucket", requestQuota: { quota: "window", windowMs: 1000 } },
  "quantised to 10 s": { quota: "bucket", requestQuota: { quota: "window", windowMs: 10_000 } },
  "streaming charge": { quota: "bucket", burstMs: 60_000 },
  slots: {},
  saturating: { kneeConcurrent: 24 },
};

const networkLaw = (kind: "still" | "usual" | "wild"): number | ((rng: Rng) => number) => {
  if (kind === "still") return 0;
  return kind === "usual" ? (rng) => 40 * logNormal(rng, 0.5) : (rng) => 150 * logNormal(rng, 1.2);
};

const clientLimits = (mode: ClientMode, told: Told, rng: Rng): Limits => {
  if (mode === "headers" || mode === "neither") return {};
  const factor = mode === "configured" ? 1 : 3 + 7 * rng();
  return Object.fromEntries(Object.entries(told).map(([name, limit]) => [name, Math.ceil(limit * factor)]));
};

const limitChanges = (told: Told, rng: Rng): WorldPlan["changes"] =>
  Array.from({ length: 1 + Math.floor(rng() * 3) }, (_, index) => ({
    atMs: Math.floor(15_000 + 40_000 * index + 20_000 * rng()),
    limits: Object.fromEntries(
      Object.entries(told).map(([name, limit]) => [name, Math.max(1, Math.round(limit * (0.3 + 1.2 * rng())))]),
    ),
  }));

const costLaws = ["constant", "chat", "lumps", "nothing"] as const;

const callPlans = (rng: Rng, { tokens, server }: { tokens: number; server: ServerKind }): readonly CallPlan[] => {
  const law = costLaws[Math.floor(rng() * costLaws.length)] ?? "chat";
  const count = 40 + Math.floor(rng() * 200);
  const spreadMs = rng() < 0.5 ? 0 : rng() * 120_000;
  const bounded = rng() < 0.5;
  const storm = rng() < 0.3 ? { atMs: rng() * 60_000, share: rng() } : undefined;
  const flows = 1 + Math.floor(rng() * 3);
  const error = rng() < 0.5 ? 0 : 0.4;
  return Array.from({ length: count }, () => {
    const { input, output } = costOf(law, rng, tokens, server);
    const atMs = Math.floor(rng() * spreadMs);
    const cancelled = storm !== undefined && rng() < storm.share;
    return {
      atMs,
      input,
      output,
      characters: Math.round(4 * input * logNormal(rng, error)),
      ...(bounded ? { bound: Math.max(1, Math.ceil(output * (1 + rng()))) } : {}),
      stream: rng() < 0.3,
      priority: Math.floor(rng() * flows),
      ...(rng() < 0.3 ? { tenant: `tenant ${Math.floor(rng() * flows)}` } : {}),
      ...(cancelled ? { cancelAtMs: storm.atMs + Math.floor(rng() * 500) } : {}),
      ...(rng() < 0.05 ? { totalMs: 1000 + Math.floor(rng() * 120_000) } : {}),
    };
  });
};

/** Chat as in the Azure traces of 2023: log-normal in both directions, and independently. */
const costOf = (law: (typeof costLaws)[number], rng: Rng, tokens: number, server: ServerKind) => {
  if (law === "nothing") return { input: 0, output: 0 };
  if (law === "constant") return { input: Math.ceil(tokens / 100), output: Math.ceil(tokens / 400) };
  if (law === "lumps" && rng() < 0.2) return { input: Math.ceil(tokens * 0.17), output: Math.ceil(tokens * 0.03) };
  // Now and then one that no quota will ever hold.
  if (law === "lumps" && server !== "slots" && rng() < 0.01) return { input: 2 * tokens, output: 1 };
  const most = Math.ceil(tokens / 5);
  return {
    input: Math.min(most, Math.ceil(Math.exp(6.633) * logNormal(rng, 0.985))),
    output: Math.min(most, Math.ceil(Math.exp(5.019) * logNormal(rng, 0.859))),
  };
};
