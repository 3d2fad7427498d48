import type { LLM } from "../../client/llm.ts";
import type { RunFileOptions } from "../../run/run-options.ts";
import type { View } from "../display/view.ts";
import type { Host } from "../host.ts";
import { askAt, confirmRun } from "./confirm-run.ts";
import type { RunPlan } from "./run-plan.ts";
import type { Screen } from "./screen.ts";
import type { StopSignals } from "./stop-signals.ts";

/** What stands between the reading of the input and the first call. */
export interface BeforeRun {
  readonly confirm?: NonNullable<RunFileOptions["confirm"]>;
  /** Whether a question waits for its answer: nothing may be drawn over it. */
  readonly isOpen: boolean;
}

interface BeforeRunParts {
  readonly plan: RunPlan;
  readonly screen: Screen;
  readonly host: Host;
  readonly llm: LLM;
  readonly signals: StopSignals;
  readonly view: View;
}

/** Says what the run will take, and asks where there is a terminal to ask at. */
export const beforeRun = ({ plan, screen, host, llm, signals, view }: BeforeRunParts): BeforeRun => {
  const { asking, file } = plan;
  if (asking === undefined) return { isOpen: false };
  const { stdin, stderr } = host;
  let isOpen = false;
  const put = askAt(host, signals.drain);
  const ask = async (question: string): Promise<boolean> => {
    isOpen = true;
    view.close();
    const yes = await put(question);
    isOpen = false;
    return yes;
  };
  const canAsk = stdin.isTTY && stderr.isTTY && file.input !== "-" && screen.mode !== "json";
  const confirm = confirmRun({
    asking,
    limits: () => llm.stats().limits,
    style: screen.style,
    say: (text) => screen.mode === "none" || view.message(text),
    ...(canAsk ? { ask } : {}),
  });
  return {
    confirm,
    get isOpen() {
      return isOpen;
    },
  };
};
