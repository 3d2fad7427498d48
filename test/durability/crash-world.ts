import { CallError } from "../../src/call/call-error.ts";
import type { Handler } from "../../src/call/handler.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import { frameBytes, readFrame } from "../../src/run/journal/frame.ts";
import { type OutputPaths, pathsOf } from "../../src/run/paths.ts";
import { runFile } from "../../src/run/run-file.ts";
import { RowIndexBuilder } from "../../src/run/source/row-index.ts";
import type { RowIndex } from "../../src/run/source/row-index.ts";
import { type Rng, seededRng } from "../../src/time/rng.ts";
import { sleep } from "../../src/time/sleep.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import type { DiskImage, DiskStep } from "./sim-disk.ts";
import { SimFs } from "./sim-fs.ts";

/** A run on a simulated disk, step by step. */
export interface CrashWorld {
  readonly before: DiskImage;
  readonly steps: readonly DiskStep[];
  readonly after: DiskImage;
  readonly index: RowIndex;
  readonly ids: readonly string[];
}

/** How a world is made. */
export interface CrashWorldOptions {
  readonly seed: number;
  readonly rows: number;
  /** What earlier runs left; a run that begins in the middle of others is one more kind of world. @default nothing */
  readonly before?: DiskImage;
}

/** Where everything stands. */
const worldFolder = "/world";
const paths: OutputPaths = pathsOf(`${worldFolder}/in.out.jsonl`);
export { paths as worldPaths };

/** Plays a run and writes down every step on its disk. */
export const playRun = async ({ seed, rows, before = emptyDisk }: CrashWorldOptions): Promise<CrashWorld> => {
  const ids = Array.from({ length: rows }, (_, row) => `r${row}`);
  const text = ids.map((id) => `${JSON.stringify({ custom_id: id, prompt: `ask ${id}` })}\n`).join("");
  const begin = { files: new Map(before.files).set(input, Buffer.from(text)), folders: before.folders };
  const steps: DiskStep[] = [];
  const fs = new SimFs(begin, (step) => steps.push(step));
  await answerAll(fs, seed);
  return { before: begin, steps, after: fs.disk.asLeft(), index: indexOf(ids), ids };
};

const input = `${worldFolder}/in.jsonl`;

/** Nothing but the folder that all stands in. */
export const emptyDisk: DiskImage = { files: new Map(), folders: new Set([worldFolder]) };

/** Runs the input to its end on a disk. */
const answerAll = async (fs: SimFs, seed: number, onCall: (id: string) => void = () => {}): Promise<void> => {
  const clock = new VirtualClock();
  const llm = createLLM({
    handler: answers(clock, seededRng(seed), onCall),
    model: "m",
    clock,
    retry: 1,
    limits: { maxConcurrent: 6 },
  });
  try {
    const owner = { pid: 1, host: "sim", isAlive: () => false };
    await played(
      clock,
      runFile({ input, output: paths.output, llm, model: "m", fs, clock, owner, ballastBytes: 4096 }),
    );
  } finally {
    await llm.close();
  }
};

/** Moves time from timer to timer; what waits for none gets some turns first. */
const played = async (clock: VirtualClock, work: Promise<unknown>): Promise<void> => {
  let done = false;
  const finish = (): void => void (done = true);
  work.then(finish, finish);
  for (let turns = 0; !done; turns++) {
    if (clock.step(turns < patience ? clock.now() + 100 : Infinity)) turns = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await work;
};

const patience = 30;

/** Answers of many lengths, after some time; some fail for good, some at first. */
const answers =
  (clock: VirtualClock, rng: Rng, onCall: (id: string) => void): Handler =>
  async (call, { signal, attempt }) => {
    onCall(call.id);
    await sleep(clock, 1 + 60 * rng(), signal);
    if (call.id.endsWith("7")) throw new CallError("content_filter", "refused", { status: 400 });
    if (attempt === 1 && rng() < 0.15) throw new CallError("network", "cut", { retryable: true });
    const content = `answer to ${call.id} ${"x".repeat(Math.floor(rng() ** 4 * 1500))}`;
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    const usage = { inputTokens: 2, outputTokens: 3, cachedTokens: 0, reasoningTokens: 0 };
    return { status: 200, body: { id: "chatcmpl-1", choices }, usage, deployment: "test" };
  };

const indexOf = (ids: readonly string[]): RowIndex => {
  const index = new RowIndexBuilder();
  ids.forEach((id, row) => index.addExplicit(id, row + 1));
  return index.finish();
};

/** What a step on the disk means for the run. */
export interface StepMeaning {
  /** The lines of answers that it gave to the system. */
  readonly accepted: ReadonlyMap<string, string>;
  /** Rows that may have been paid for from here on. */
  readonly sent: readonly string[];
  /** Rows of which an attempt was certainly free. */
  readonly unpaid: readonly string[];
}

/** Reads answers and requests out of the steps. */
export const meaningOf = (step: DiskStep, { index, ids }: CrashWorld): StepMeaning => {
  if (step.kind !== "append") return nothing;
  if (step.path === paths.output) return { ...nothing, accepted: linesOf(step.data.toString("utf8")) };
  if (step.path !== `${paths.folder}/journal` || step.data.length !== frameBytes) return nothing;
  const frame = readFrame(new DataView(step.data.buffer, step.data.byteOffset, step.data.length), 0);
  if (frame?.kind !== "sent" && frame?.kind !== "unpaid") return nothing;
  const id = ids[index.findHash(frame.id) ?? -1];
  return id === undefined ? nothing : { ...nothing, [frame.kind]: [id] };
};

const nothing: StepMeaning = { accepted: new Map(), sent: [], unpaid: [] };

/** The records of a file, by their rows. */
export const linesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [(JSON.parse(line) as { custom_id: string }).custom_id, line]),
  );
