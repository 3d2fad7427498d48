import { UsageError } from "../usage-error.ts";

/** How progress is shown. */
export type ProgressMode = "tty" | "plain" | "json" | "none";

/** What decides it. */
export interface ModeQuestion {
  readonly progress?: string;
  readonly json: boolean;
  readonly toStdout: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly environment: (name: string) => string | undefined;
}

/** Chooses the display. @throws UsageError */
export const progressMode = (question: ModeQuestion): ProgressMode => {
  const { progress = "auto", json, toStdout } = question;
  const wanted = choices.find((choice) => choice === progress);
  if (wanted === undefined) {
    throw new UsageError(`--progress must be one of ${choices.join(", ")}, got ${JSON.stringify(progress)}`);
  }
  if (json && wanted !== "auto" && wanted !== "json") {
    throw new UsageError(`--json means --progress json, and --progress ${wanted} was given too`);
  }
  const mode = json ? "json" : wanted;
  if (mode === "json" && toStdout) {
    throw new UsageError("--json and -o - both want stdout", ["next  -o out.jsonl, or leave --json out"]);
  }
  return mode === "auto" ? automatic(question) : mode;
};

const choices = ["auto", "tty", "plain", "json", "none"] as const;

const automatic = ({ toStdout, stderrIsTerminal, stdoutIsTerminal, environment }: ModeQuestion): ProgressMode => {
  const drawable = stderrIsTerminal && environment("TERM") !== "dumb" && environment("CI") === undefined;
  return drawable && (!toStdout || stdoutIsTerminal) ? "tty" : "plain";
};
