import type { ChatRequest } from "../../client/chat-request.ts";
import type { ManyOptions } from "../../client/llm.ts";
import type { Outcomes } from "../outcomes.ts";
import type { RunSetting } from "../run-setting.ts";
import type { Row } from "../source/row.ts";
import type { Bounds } from "../stop/bounds.ts";
import { rowRequest } from "./row-request.ts";

/** Sends rows and settles their outcomes until all have ended; says whether the rows were taken to their end. */
export const sendRows = async (
  { options, control }: RunSetting,
  rows: AsyncIterable<Row>,
  outcomes: Outcomes,
  bounds: Bounds,
  onAttempt?: (id: string, attempt: number) => void,
): Promise<boolean> => {
  const { drain, signal } = control;
  const inFlight = new Map<string, Row>();
  let exhausted = false;
  const requests = async function* (): AsyncGenerator<ChatRequest> {
    for await (const row of bounds.rows(rows)) {
      inFlight.set(row.id, row);
      yield rowRequest(row, options);
    }
    // A bound may have kept back what is left.
    exhausted = control.reached === undefined;
  };
  const many: ManyOptions = {
    drain,
    signal,
    onAttempt: (id, attempt) => {
      const refusal = bounds.onAttempt(id, attempt);
      if (refusal === undefined) onAttempt?.(id, attempt);
      return refusal;
    },
    onAttemptEnd: bounds.onAttemptEnd,
  };
  try {
    for await (const result of options.llm.asCompleted(requests(), many)) {
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
