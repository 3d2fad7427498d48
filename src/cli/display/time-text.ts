import type { Words } from "./words.ts";

type Units = Pick<Words, "units">;

/** A length of time for people, with all that matters: `1h 17m 42s`. */
export const durationText = (ms: number, words: Units): string => {
  const { h, m, s, gap } = words.units;
  if (ms < 9_950) return secondsText(ms, words).replace(/\.0(?=\D)/, "");
  const { hours, minutes, seconds } = parts(ms);
  if (hours > 0) return `${hours}${h}${gap}${minutes}${m}${gap}${seconds}${s}`;
  return minutes > 0 ? `${minutes}${m}${gap}${seconds}${s}` : `${seconds}${s}`;
};

/** A length of time that is only a guess: `1h 17m`, `18m`, `38s`. */
export const roughText = (ms: number, { units: { h, minutes: m, s, gap } }: Units): string => {
  const { hours, minutes } = parts(ms);
  if (hours > 0) return `${hours}${h}${gap}${minutes}${m}`;
  return ms >= 90_000 ? `${Math.round(ms / 60_000)}${m}` : `${Math.ceil(ms / 1000)}${s}`;
};

/** A latency: `4ms`, `0.34s`, `2.6s`, `38s`. */
export const secondsText = (ms: number, { units }: Units): string => {
  if (ms < 99.5) return `${Math.round(ms)}${units.ms}`;
  const seconds = ms / 1000;
  return `${seconds.toFixed(seconds < 0.995 ? 2 : seconds < 9.95 ? 1 : 0)}${units.s}`;
};

/** A running time as clocks show it: `00:59:44`. */
export const clockText = (ms: number): string => {
  const { hours, minutes, seconds } = parts(Math.floor(ms / 1000) * 1000);
  return [hours, minutes, seconds].map((part) => String(part).padStart(2, "0")).join(":");
};

const parts = (ms: number): { hours: number; minutes: number; seconds: number } => {
  const whole = Math.round(ms / 1000);
  return { hours: Math.floor(whole / 3600), minutes: Math.floor(whole / 60) % 60, seconds: whole % 60 };
};
