import { plainLine } from "./plain-line.ts";
import { runState } from "./run-state.ts";
import type { View } from "./view.ts";

/** A line now and then, and at once when the state changes. */
export const plainView = (write: (text: string) => void, everyMs: number): View => {
  let lastAt = 0;
  let lastState: string | undefined;
  return {
    everyMs: 250,
    show: (snapshot) => {
      const state = runState(snapshot);
      if (state === "reading") return;
      const due = snapshot.elapsedMs - lastAt >= everyMs;
      const changed = state !== lastState;
      lastState = state;
      if (!due && !changed) return;
      lastAt = snapshot.elapsedMs;
      write(`${plainLine(snapshot)}\n`);
    },
    message: (text) => write(`${text}\n`),
    aside: (print) => print(),
    close: () => {},
  };
};
