import type { View } from "./view.ts";

/** Nothing but what must be said. */
export const quietView = (write: (text: string) => void): View => ({
  everyMs: 1000,
  show: () => {},
  message: (text) => write(`${text}\n`),
  aside: (print) => print(),
  close: () => {},
});
