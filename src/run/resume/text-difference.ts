import { excerpt } from "../source/excerpt.ts";

/** The lines in which two texts differ, a few of each: `- old`, `+ new`. */
export const textDifference = (before: string | null, after: string | null): readonly string[] => {
  const [old, now] = [linesOf(before), linesOf(after)];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const removed = old.slice(head, old.length - tail);
  const added = now.slice(head, now.length - tail);
  const from = firstDifference(removed[0] ?? "", added[0] ?? "");
  return [...signed("-", removed, from), ...signed("+", added, from)];
};

const linesOf = (text: string | null): readonly string[] => (text === null ? [] : text.split(/\r?\n/));

const shownLines = 3;

const signed = (sign: string, lines: readonly string[], from: number): readonly string[] => {
  const shown = lines.slice(0, shownLines).map((line, index) => `${sign} ${around(line, index === 0 ? from : 0)}`);
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, `${sign} … ${more.toLocaleString("en")} more lines`];
};

/** The part of a line where the difference can be seen. */
const around = (line: string, from: number): string =>
  from < 60 ? excerpt(line) : `…${excerpt(line.slice(from - 20))}`;

const firstDifference = (one: string, other: string): number => {
  let place = 0;
  while (place < one.length && one[place] === other[place]) place += 1;
  return place === one.length && place === other.length ? 0 : place;
};
