import { printable } from "./printable.ts";

/** Makes text that arrives in pieces fit for a terminal: without control characters, but for newlines and tabs. */
export interface PrintableStream {
  /** What can be printed now; the beginning of an escape sequence is held until its rest is there. */
  push(text: string): string;
}

/** A sequence that never ends is none: what is held is bounded. */
const longestHeld = 1024;

/** @returns a filter for one text. */
export const printableStream = (): PrintableStream => {
  let held = "";
  return {
    push: (text) => {
      const whole = held + text;
      const at = whole.search(openSequence);
      held = at < 0 || whole.length - at > longestHeld ? "" : whole.slice(at);
      return printableText(held === "" ? whole : whole.slice(0, at));
    },
  };
};

/** The same for text that is there as a whole. */
export const printableText = (text: string): string => text.split("\t").map(printable).join("\t");

/** The beginning of what `printable` takes out as a whole, or of a CRLF, at the end of a text. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const openSequence = /(?:\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?)?|\r)$/;
