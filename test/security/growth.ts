import type { Attack } from "./adversarial-texts.ts";

/** Far above noise, and far below what a quadratic search of 200 KB takes. */
const longestMs = 500;

/** Below this, a ratio says nothing. */
const measurableMs = 80;

/** Doubling the text may double the time; four times as much is quadratic. */
const steepest = 3.3;

const sizes = [24, 28, 31, 1000, 10_000, 25_000, 50_000];

/** What is wrong with the time that reading takes, or nothing. It stops at the first size that takes too long. */
export const slowness = ({ name, text }: Attack, read: (text: string) => unknown): string | undefined => {
  for (const size of sizes) {
    const ms = bestOf(1, () => read(text(size)));
    if (ms > longestMs) return `${name}: ${Math.round(ms)} ms for ${size} letters`;
  }
  const half = text(100_000);
  const whole = text(200_000);
  const once = bestOf(1, () => read(whole));
  if (once < measurableMs) return undefined;
  const [shortMs, longMs] = [bestOf(4, () => read(half)), bestOf(4, () => read(whole))];
  if (longMs < measurableMs || longMs < steepest * shortMs) return undefined;
  return `${name}: ${shortMs.toFixed(1)} ms for 100 KB, ${longMs.toFixed(1)} ms for 200 KB`;
};

/** In time of the processor: other programs on a busy machine do not count. */
const bestOf = (times: number, work: () => unknown): number => {
  let best = Infinity;
  for (let turn = 0; turn < times; turn++) {
    const begin = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(begin);
    best = Math.min(best, (user + system) / 1000);
    if (best > longestMs) break;
  }
  return best;
};
