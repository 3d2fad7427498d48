import type { Script } from "./script.ts";
import type { Framing } from "./simulator-options.ts";

/** The same stream with its lines ended otherwise, or with a byte order mark before the first. */
export const framedScript = (
  script: Script,
  { framing, bom }: { readonly framing: Framing; readonly bom: boolean },
): Script => {
  if (framing === "lf" && !bom) return script;
  const end = lineEnds[framing];
  const ended = (text: string): string => (framing === "lf" ? text : text.replaceAll("\n", end));
  return {
    ...script,
    filler: ended(script.filler),
    frames: script.frames.map((frame, index) => ({
      ...frame,
      text: `${bom && index === 0 ? "\uFEFF" : ""}${ended(frame.text)}`,
    })),
  };
};

const lineEnds = { lf: "\n", crlf: "\r\n", cr: "\r" } as const;
