import type { Words } from "./words.ts";

/** A number with its thousands apart: `41,207`. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** A number in three or four characters: `182k`, `9.3M`. */
export const compact = (value: number, { magnitudes }: Pick<Words, "magnitudes">): string => {
  const magnitude = magnitudes.find(([from]) => value >= from);
  if (magnitude === undefined) return grouped(value);
  const [from, letter] = magnitude;
  const scaled = value / from;
  return `${scaled < 99.95 ? trimmed(scaled.toFixed(1)) : grouped(scaled)}${letter}`;
};

const trimmed = (digits: string): string => digits.replace(/\.0$/, "");
