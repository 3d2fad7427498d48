import { CallError } from "../../call/call-error.ts";
import type { CallEstimate } from "../../client/call-estimate.ts";
import type { EstimateCall } from "../../client/call-estimator.ts";
import { RunError } from "../run-error.ts";
import type { RunFileOptions } from "../run-options.ts";
import { rowRequest } from "../sending/row-request.ts";
import type { Rendered } from "../source/renderer.ts";
import type { Row } from "../source/row.ts";
import { RowEstimates } from "./row-estimates.ts";

/** Estimates the rows of a run, while they are read for the first time and when they are about to be sent. */
export interface RowEstimating {
  readonly rows: RowEstimates;
  /** Takes in the next row. */
  readonly add: (row: Rendered) => void;
  readonly estimate: (row: Pick<Row, "id" | "operation" | "body" | "model">) => CallEstimate;
}

/**
 * What estimates the rows of a run; nothing when nobody wants to know. Whoever sets a bound on the cost wants every row
 * looked at.
 *
 * @throws RunError when somebody does, and the client cannot say
 */
export const rowEstimating = async (
  options: RunFileOptions,
  { all = options.maxCost !== undefined }: { readonly all?: boolean } = {},
): Promise<RowEstimating | undefined> => {
  const { llm, maxCost, confirm } = options;
  if (maxCost === undefined && confirm === undefined) return undefined;
  const estimateCall = await llm.estimates?.();
  if (estimateCall === undefined) {
    if (maxCost === undefined) return undefined;
    throw new RunError(`Cannot run: "maxCost" needs a client that has "estimates"`, { exitCode: 2 });
  }
  const rows = new RowEstimates({ all });
  const estimate: RowEstimating["estimate"] = (row) => estimated(estimateCall, row, options);
  const add = ({ id, operation, body }: Rendered): void => {
    const { model } = body;
    rows.add(() => estimate({ id, operation, body, ...(typeof model === "string" ? { model } : {}) }));
  };
  return { rows, add, estimate };
};

/** A row that cannot even be asked fails when it is sent; it is no reason to send none. */
const estimated = (
  estimate: EstimateCall,
  row: Pick<Row, "id" | "operation" | "body" | "model">,
  options: RunFileOptions,
): CallEstimate => {
  try {
    return estimate(rowRequest(row, options));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { model: "", inputTokens: 0, outputTokens: 0, unpriced: "not-sendable" };
  }
};
