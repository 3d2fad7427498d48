import type { ChatRequest } from "../../client/chat-request.ts";
import type { ManyOptions } from "../../client/llm.ts";
import type { Outcomes } from "../outcomes.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RunSetting } from "../run-setting.ts";
import type { Row } from "../source/row.ts";

/** Sends rows and settles their outcomes until all have ended; says whether the rows were taken to their end. */
export const sendRows = async (
  { options, control }: RunSetting,
  rows: AsyncIterable<Row>,
  outcomes: Outcomes,
  onAttempt?: (id: string, attempt: number) => void,
): Promise<boolean> => {
  const { drain, signal } = control;
  const inFlight = new Map<string, Row>();
  let exhausted = false;
  const requests = async function* (): AsyncGenerator<ChatRequest> {
    for await (const row of rows) {
      inFlight.set(row.id, row);
      yield requestOf(row, options);
    }
    exhausted = true;
  };
  const many: ManyOptions = { drain, signal, ...(onAttempt === undefined ? {} : { onAttempt }) };
  try {
    for await (const result of options.llm.asCompleted(requests(), many)) {
      const row = inFlight.get(result.id);
      if (row === undefined) continue;
      inFlight.delete(result.id);
      outcomes.settle(row, result);
      const ready = outcomes.ready();
      if (ready !== undefined) await ready;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return exhausted;
};

const requestOf = ({ id, operation, body, model }: Row, options: RunFileOptions): ChatRequest => {
  const named = model !== undefined && options.overrideModel !== true;
  if (options.model === undefined || named) return { id, operation, body };
  const { model: _, ...rest } = body;
  return { id, operation, body: rest, model: options.model };
};
