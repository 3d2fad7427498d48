import type { RunEstimate } from "../../run/estimate/run-estimate.ts";

/** What a run will take, for programs. */
export const estimateJson = (estimate: RunEstimate): object => ({
  rows: estimate.rows,
  done: estimate.done,
  permanently_failed: estimate.permanentlyFailed,
  to_send: estimate.toSend,
  input_tokens: Math.round(estimate.inputTokens),
  output_tokens: { low: Math.round(estimate.outputTokens.low), high: Math.round(estimate.outputTokens.high) },
  output_from: estimate.outputFrom,
  answers: estimate.answers,
  costs: estimate.costs,
  unpriced_rows: estimate.unpricedRows,
  unpriced: estimate.unpriced,
  at_most: estimate.atMost,
  unbounded_rows: estimate.unboundedRows,
  unbounded: estimate.unbounded,
  spent_before: estimate.spentBefore,
  duration_ms: estimate.time === undefined ? undefined : Math.round(estimate.time.ms),
  bound_by: estimate.time?.boundBy,
  limit: estimate.time?.limit,
});
