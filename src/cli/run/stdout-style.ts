import { type Style, styleOf } from "../display/style.ts";
import { wantsAscii, wantsChinese, wantsColour } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import type { DisplayFlags } from "./run-flags.ts";

/** Nothing that goes into a pipe is cut. */
const unknownColumns = 1000;

/** The style of what commands print on stdout. */
export const stdoutStyle = (
  { color = true, ascii = false }: DisplayFlags,
  { stdout, environment, platform }: Pick<Host, "stdout" | "environment" | "platform">,
): Style =>
  styleOf({
    columns: stdout.isTTY ? stdout.columns : unknownColumns,
    colour: wantsColour(color, stdout.isTTY, environment),
    ascii: wantsAscii(ascii, platform, environment),
    chinese: wantsChinese(environment),
  });
