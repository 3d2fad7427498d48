import type { CallError } from "../../call/call-error.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import type { ManyOptions } from "../../client/llm.ts";
import type { Outcomes } from "../outcomes.ts";
import type { RunSetting } from "../run-setting.ts";
import type { Row } from "../source/row.ts";
import { accountGate } from "../stop/account-gate.ts";
import type { Bounds } from "../stop/bounds.ts";
import { rowRequest } from "./row-request.ts";
import type { RowWatch } from "./row-watch.ts";

/** Sends rows and settles their outcomes until all have ended; says whether the rows were taken to their end. */
export const sendRows = async (
  { options, control }: RunSetting,
  rows: AsyncIterable<Row>,
  outcomes: Outcomes,
  bounds: Bounds,
  watching: readonly RowWatch[],
): Promise<boolean> => {
  const { drain, signal } = control;
  const watches: readonly RowWatch[] = [accountGate(), bounds, ...watching];
  const inFlight = new Map<string, Row>();
  let exhausted = false;
  const requests = async function* (): AsyncGenerator<ChatRequest> {
    for await (const row of bounds.rows(rows)) {
      const request = rowRequest(row, options);
      for (const { next } of watches) next?.(row, request);
      if (drain.aborted) return;
      inFlight.set(row.id, row);
      yield request;
    }
    // A bound may have kept back what is left.
    exhausted = control.reached === undefined;
  };
  try {
    for await (const result of options.llm.asCompleted(requests(), { drain, signal, ...hooks(inFlight, watches) })) {
      const row = inFlight.get(result.id);
      if (row === undefined) continue;
      inFlight.delete(result.id);
      if (!bounds.settled(row, result)) outcomes.settle(row, result);
      const ready = outcomes.ready();
      if (ready !== undefined) await ready;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return exhausted;
};

/** The first that objects to an attempt decides; those after it hear neither of the attempt nor of its end. */
const hooks = (
  inFlight: ReadonlyMap<string, Row>,
  watches: readonly RowWatch[],
): Pick<ManyOptions, "onAttempt" | "onAttemptEnd"> => {
  /** By the attempts that were kept back, those who know of them. */
  const keptBack = new Map<string, readonly RowWatch[]>();
  return {
    onAttempt: (id, attempt): CallError | undefined => {
      const row = inFlight.get(id);
      if (row === undefined) return undefined;
      for (const [place, watch] of watches.entries()) {
        const objection = watch.attempt?.(row, attempt);
        if (objection === undefined) continue;
        keptBack.set(keyOf(id, attempt), watches.slice(0, place + 1));
        return objection;
      }
      return undefined;
    },
    onAttemptEnd: (id, attempt, failure) => {
      const row = inFlight.get(id);
      if (row === undefined) return;
      const key = keptBack.size === 0 ? "" : keyOf(id, attempt);
      const knowing = keptBack.get(key) ?? watches;
      keptBack.delete(key);
      for (const { attemptEnded } of knowing) attemptEnded?.(row, failure);
    },
  };
};

const keyOf = (id: string, attempt: number): string => `${attempt} ${id}`;
