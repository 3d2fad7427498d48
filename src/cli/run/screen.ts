import { jsonView } from "../display/json-view.ts";
import { plainView } from "../display/plain-view.ts";
import { type ProgressMode, progressMode } from "../display/progress-mode.ts";
import { quietView } from "../display/quiet-view.ts";
import { type Style, styleOf } from "../display/style.ts";
import { wantsAscii, wantsChinese, wantsColour } from "../display/terminal-style.ts";
import { ttyView } from "../display/tty-view.ts";
import type { View } from "../display/view.ts";
import type { Host } from "../host.ts";
import { eventOutput } from "./event-output.ts";
import type { DisplayFlags } from "./run-flags.ts";

/** Where and how a run is shown. */
export interface Screen {
  readonly mode: ProgressMode;
  /** The style at this moment: terminals change their size. */
  readonly style: () => Style;
  /** @param onFault is told once when events cannot be written, unless only their reader has left. */
  view(onFault: (error: Error) => void): View;
}

/** The widest that text is made when nothing says how wide it may be. */
const unknownColumns = 160;
const plainEveryMs = 10_000;
const plainEveryMsInCi = 30_000;

/** Chooses display and style from flags, terminal and environment. @throws UsageError */
export const screenOf = (flags: DisplayFlags, toStdout: boolean, host: Host): Screen => {
  const { stdout, stderr, environment } = host;
  const mode = progressMode({
    ...(flags.progress === undefined ? {} : { progress: flags.progress }),
    json: flags.json ?? false,
    toStdout,
    stderrIsTerminal: stderr.isTTY,
    stdoutIsTerminal: stdout.isTTY,
    environment,
  });
  const fixed = {
    colour: wantsColour(flags.color ?? true, stderr.isTTY, environment),
    ascii: wantsAscii(flags.ascii ?? false, host.platform, environment),
    chinese: wantsChinese(environment),
  };
  const style = (): Style => styleOf({ columns: stderr.isTTY ? stderr.columns : unknownColumns, ...fixed });
  return { mode, style, view: (onFault) => viewOf(mode, style, host, onFault) };
};

const viewOf = (mode: ProgressMode, style: () => Style, host: Host, onFault: (error: Error) => void): View => {
  const { stdout, stderr, environment, pid } = host;
  const toStderr = (text: string): void => void stderr.write(text);
  switch (mode) {
    case "tty":
      return ttyView(stderr, style);
    case "plain":
      return plainView(toStderr, environment("CI") === undefined ? plainEveryMs : plainEveryMsInCi);
    case "json": {
      const { write, flush } = eventOutput(stdout, onFault);
      return jsonView({ writeEvent: write, writeMessage: toStderr, flush, pid });
    }
    case "none":
      return quietView(toStderr);
  }
};
