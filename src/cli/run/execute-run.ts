import type { CallEvent } from "../../call/call-event.ts";
import { createLLM } from "../../client/create-llm.ts";
import type { LLM } from "../../client/llm.ts";
import type { RunEvent } from "../../run/run-event.ts";
import { unwritable } from "../../run/run-error.ts";
import { runFile } from "../../run/run-file.ts";
import type { RunClient, RunFileOptions, RunStdout } from "../../run/run-options.ts";
import { exitCodeOf, type RunSummary } from "../../run/run-summary.ts";
import { systemClock } from "../../time/system-clock.ts";
import { grouped } from "../display/amount-text.ts";
import { renderSummary, type SummaryFacts } from "../display/render-summary.ts";
import { RunProgress } from "../display/run-progress.ts";
import type { Snapshot } from "../display/snapshot.ts";
import { sentCounts } from "../display/sent-counts.ts";
import type { RetryNews, View } from "../display/view.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { beforeRun } from "./before-run.ts";
import { checkedClient } from "./checked-client.ts";
import { isPilot, pilot } from "./pilot.ts";
import { inputName } from "./input-flags.ts";
import { retryLine, retryNews } from "./retry-news.ts";
import { runMessages } from "./run-messages.ts";
import type { RunPlan } from "./run-plan.ts";
import type { Screen } from "./screen.ts";
import { signalExitCode, type StopSignals, stopSignals } from "./stop-signals.ts";
import { type StatusWriter, statusWriter } from "./status-writer.ts";
import { ticker } from "./ticker.ts";

/** Makes a run, shows it, and tells how it ended; returns the exit code. */
export const executeRun = async (plan: RunPlan, screen: Screen, host: Host): Promise<number> => {
  const newsOf = retryNews();
  const llm = clientOf(plan, (event) => {
    const news = newsOf(event);
    if (news !== undefined) tellRetry(news, screen, view, () => progress.snapshot());
  });
  const input = inputName(plan.file.input);
  const { model, output } = plan;
  const progress = new RunProgress({ clock: systemClock, stats: () => llm.stats(), model, input, output });
  const signals = stopSignals(host, systemClock, () => view.close());
  let fault: Error | undefined;
  const view = screen.view((error) => {
    fault = error;
    signals.stop();
  });
  const status = statusWriter({
    plan,
    host,
    clock: systemClock,
    snapshot: () => progress.snapshot(),
    stats: () => llm.stats(),
  });
  const notes = ticker(systemClock, noteEveryMs, () => plan.limits?.note(llm));
  try {
    const trial = isPilot(plan.file.limit) && output !== "-" && screen.mode !== "none" ? pilot(llm) : undefined;
    const client = trial?.llm ?? llm;
    const summary = await watchedRun({ plan, screen, host, llm, client, progress, signals, view, status });
    for (const line of trial?.lines(screen.style()) ?? []) host.stderr.write(`${line}\n`);
    const stats = llm.stats();
    const facts = { summary, stats, sendingMs: progress.sendingMs, ...named(plan) };
    const exitCode = codeOf(summary, signals);
    printSummary(facts, screen, host);
    await view.done?.(summary, exitCode, sentCounts(stats));
    await status.ended(summary, exitCode);
    if (fault !== undefined) throw unwritable("stdout", fault, eventsLost);
    return exitCode;
  } catch (error) {
    await status.failed(error);
    throw error;
  } finally {
    status[Symbol.dispose]();
    notes[Symbol.dispose]();
    plan.limits?.note(llm);
    await plan.limits?.written();
    // The signals stay heard: one that comes now must not turn an orderly end into a killed process.
    await llm.close();
  }
};

/** What was found out about the limits is kept now and then: a run of hours may be killed. */
const noteEveryMs = 30_000;

const eventsLost = "the events of --json go there; what finished is saved, and the same command goes on";

const tellRetry = (news: RetryNews, { mode, style }: Screen, view: View, snapshot: () => Snapshot): void => {
  if (view.retrying !== undefined) view.retrying(news, snapshot);
  else if (mode !== "none") view.message(retryLine(news, style()));
};

interface Watched {
  readonly plan: RunPlan;
  readonly screen: Screen;
  readonly host: Host;
  readonly llm: LLM;
  /** The same, where it is listened to. */
  readonly client: RunClient;
  readonly progress: RunProgress;
  readonly signals: StopSignals;
  readonly view: View;
  readonly status: StatusWriter;
}

const watchedRun = async ({
  plan,
  screen,
  host,
  llm,
  client,
  progress,
  signals,
  view,
  status,
}: Watched): Promise<RunSummary> => {
  const messageOf = runMessages();
  const onEvent = (event: RunEvent): void => {
    progress.listen(event);
    status.listen(event);
    view.event?.(event, () => progress.snapshot());
    const text = screen.mode === "none" ? undefined : messageOf(event);
    if (text !== undefined) view.message(text);
    if (event.type === "stopping" && event.reason === "drain" && screen.mode !== "tty") {
      view.message(screen.style().words.bound.draining(grouped(llm.stats().inFlight)));
    }
  };
  const question = beforeRun({ plan, screen, host, llm, signals, view });
  const ticks = ticker(systemClock, view.everyMs, () => {
    if (!question.isOpen) view.show(progress.snapshot());
  });
  try {
    return await runFile({
      ...plan.file,
      ...streamsOf(plan, host, view),
      ...(question.confirm === undefined ? {} : { confirm: question.confirm }),
      llm: plan.checkModel === undefined ? client : checkedClient(client, plan.checkModel),
      drain: signals.drain,
      signal: signals.abort,
      onEvent,
    });
  } finally {
    ticks[Symbol.dispose]();
    view.close();
    // A terminal or pipe that was not read to its end would keep the process alive.
    if (plan.file.input === "-") host.stdin.destroy();
  }
};

const clientOf = ({ client, limits }: RunPlan, onEvent: (event: CallEvent) => void): LLM => {
  try {
    return createLLM({ ...client, ...(limits === undefined ? {} : { learnedLimits: limits.learned }), onEvent });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const streamsOf = (
  { file, output }: RunPlan,
  { stdin, stdout, stderr }: Host,
  view: View,
): Pick<RunFileOptions, "stdin" | "stdout"> => {
  if (file.input === "-" && stdin.isTTY) stderr.write("reading from the terminal, one prompt a line; ^D ends\n");
  const aside: RunStdout = {
    write: (text, done) => view.aside(() => void stdout.write(text, done)),
    on: (event, listener) => stdout.on(event, listener),
  };
  return { ...(file.input === "-" ? { stdin } : {}), ...(output === "-" ? { stdout: aside } : {}) };
};

const named = ({
  file,
  target,
  command,
}: RunPlan): Pick<SummaryFacts, "name" | "keyMask" | "keySource" | "command"> => ({
  name: file.input === "-" ? "stdin" : inputName(file.input),
  ...(target?.keyMask === undefined ? {} : { keyMask: target.keyMask }),
  ...(target?.keySource === undefined ? {} : { keySource: target.keySource }),
  ...(command === undefined ? {} : { command }),
});

const codeOf = (summary: RunSummary, { received }: StopSignals): number => {
  const code = exitCodeOf(summary);
  return code === 130 && received !== undefined ? signalExitCode(received) : code;
};

/** A reader of the results that has left, as `head` does, wants to hear nothing more. */
const printSummary = (facts: SummaryFacts, screen: Screen, { stderr }: Host): void => {
  if (facts.summary.readerLeft) return;
  stderr.write(`${renderSummary(facts, screen.style()).join("\n")}\n`);
};
