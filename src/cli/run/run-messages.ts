import type { RunEvent } from "../../run/run-event.ts";
import { printable, printableLine } from "../display/printable.ts";

const longest = 300;

/** Turns events into what people are told while a run goes on: the first failure of each kind, and every warning. */
export const runMessages = (): ((event: RunEvent) => string | undefined) => {
  const seen = new Set<string>();
  return (event) => {
    switch (event.type) {
      case "start":
        return skippedText(event.skippedBlankLines);
      case "warning":
        return `warning: ${printable(event.message)}`;
      case "row": {
        if (event.ok || event.code === undefined || seen.has(event.code)) return undefined;
        seen.add(event.code);
        const text = printableLine(`${event.id}: ${event.code}: ${event.message ?? ""}`);
        return `failed  ${clip(text)}  (further rows that fail so are only counted)`;
      }
      case "stopping":
        if (event.reason === "bound") return `stopping at --${event.bound.kind}: ${event.bound.message}`;
        return event.error === undefined
          ? undefined
          : `stopping early: ${event.error.code}: ${clip(printableLine(event.error.message))}`;
    }
  };
};

const skippedText = (lines: number): string | undefined => {
  if (lines === 0) return undefined;
  return `warning: ${lines === 1 ? "1 blank line was" : `${lines.toLocaleString("en")} blank lines were`} skipped`;
};

const clip = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);
