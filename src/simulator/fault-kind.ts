/**
 * What can go wrong with one call, besides its quotas.
 *
 * - `429`, `500`, `503`, `401`, `400`, `404`, `quota` (no money left, a 429): the vendor's error bodies, under its own status
 * - `502`, `html`: a proxy's HTML page, with status 502 or 200
 * - `redirect`: a 307 to another address
 * - `reset`: the connection is reset before any byte
 * - `silent`: nothing comes, not even a head
 * - `stall`: a head and the beginning of the answer come, then nothing
 * - `drip`: as `stall`, but keep-alive comments go on
 * - `cut`: the connection breaks half-way through the answer
 * - `malformed`: a chunk or body that is not JSON, with status 200
 * - `no-done`: half an answer that ends cleanly, without its finish reason and terminal event
 * - `error-200`: an error body, or an error event in the middle of a stream, under status 200
 * - `slow`: the whole answer, late
 */
export type FaultKind =
  | "429"
  | "500"
  | "502"
  | "503"
  | "400"
  | "401"
  | "404"
  | "quota"
  | "html"
  | "redirect"
  | "reset"
  | "silent"
  | "stall"
  | "drip"
  | "cut"
  | "malformed"
  | "no-done"
  | "error-200"
  | "slow";

/** Every kind of fault, in the order in which the dice are read. */
export const faultKinds: readonly FaultKind[] = [
  "429",
  "500",
  "502",
  "503",
  "400",
  "401",
  "404",
  "quota",
  "html",
  "redirect",
  "reset",
  "silent",
  "stall",
  "drip",
  "cut",
  "malformed",
  "no-done",
  "error-200",
  "slow",
];

/** The share of calls that each fault hits. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;

/** The fault that a throw of the dice in [0, 1) means, or none. */
export const faultAt = (rates: FaultRates, dice: number): FaultKind | undefined => {
  let sum = 0;
  for (const kind of faultKinds) {
    sum += rates[kind] ?? 0;
    if (dice < sum) return kind;
  }
  return undefined;
};
