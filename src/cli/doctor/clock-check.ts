import { type Check, ok, warning } from "./check.ts";
import type { DoctorWords } from "./doctor-words.ts";

/** What a clock may be off; a `date` header counts whole seconds. */
const toleratedMs = 30_000;

/** How far this machine's clock is from a server's; nothing when the server does not tell the time. */
export const clockCheck = (
  date: string | undefined,
  sentAt: number,
  answeredAt: number,
  words: DoctorWords,
): Check | undefined => {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return undefined;
  // A server that answers between the two is right.
  const offMs = theirs < sentAt ? sentAt - theirs : Math.max(0, theirs - answeredAt);
  if (offMs <= toleratedMs) return ok("clock", words.clockRight);
  const seconds = Math.round(offMs / 1000);
  return warning("clock", theirs < sentAt ? words.clockAhead(seconds) : words.clockBehind(seconds), words.clockFix);
};
