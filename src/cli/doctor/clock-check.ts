import { type Check, ok, warning } from "./check.ts";

/** What a clock may be off; a `date` header counts whole seconds. */
const toleratedMs = 30_000;

/** How far this machine's clock is from a server's; nothing when the server does not tell the time. */
export const clockCheck = (date: string | undefined, sentAt: number, answeredAt: number): Check | undefined => {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return undefined;
  // A server that answers between the two is right.
  const offMs = theirs < sentAt ? sentAt - theirs : Math.max(0, theirs - answeredAt);
  if (offMs <= toleratedMs) return ok("clock", "right");
  return warning(
    "clock",
    `${Math.round(offMs / 1000)} s ${theirs < sentAt ? "ahead of" : "behind"} the server's`,
    "set the clock (NTP): dates in retry-after, and TLS certificates, are read by it",
  );
};
