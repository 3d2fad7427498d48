import { LiveBlock, type Terminal } from "./live-block.ts";
import { renderBlock } from "./render-block.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Style } from "./style.ts";
import type { View } from "./view.ts";

/** A block that is drawn over, with messages above it. */
export const ttyView = (terminal: Terminal, style: () => Style): View => {
  const block = new LiveBlock(terminal);
  let last: Snapshot | undefined;
  const draw = (): void => {
    if (last !== undefined) block.draw(renderBlock(last, style(), (terminal.rows ?? 24) - 1));
  };
  const aside = (write: () => void): void => {
    block.clear();
    write();
  };
  return {
    everyMs: 150,
    show: (snapshot) => {
      last = snapshot;
      draw();
    },
    message: (text) => {
      aside(() => terminal.write(`${text}\n`));
      draw();
    },
    aside,
    close: () => {
      block.clear();
      last = undefined;
    },
  };
};
