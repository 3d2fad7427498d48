import { CallError } from "../../call/call-error.ts";
import type { Money } from "../../call/money.ts";
import type { CallEstimate } from "../../client/call-estimate.ts";
import type { EstimateCall } from "../../client/call-estimator.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import type { RunClient } from "../run-options.ts";

/** What one attempt at a request costs at most; `undefined` where nobody knows. */
export type MostOf = (request: ChatRequest) => Money | undefined;

/** Loads what tells the most that requests can cost. To estimate one takes time: of a model without a price it is done once. */
export const mostOf = async (llm: RunClient): Promise<MostOf> => {
  const estimate = await llm.estimates?.();
  if (estimate === undefined) return () => undefined;
  const unpriced = new Set<string>();
  return (request) => {
    const model = modelOf(request);
    if (unpriced.has(model)) return undefined;
    const found = estimated(estimate, request);
    if (found?.unpriced !== undefined && unpriced.size < mostModels) unpriced.add(model);
    return found?.atMost;
  };
};

/** Rows may name their own models; no file makes the set grow without end. */
const mostModels = 1000;

const modelOf = ({ model, body }: ChatRequest): string => {
  const named = model ?? body?.["model"];
  return typeof named === "string" ? named : "";
};

/** What cannot be asked fails when it is sent. */
const estimated = (estimate: EstimateCall, request: ChatRequest): CallEstimate | undefined => {
  try {
    return estimate(request);
  } catch (error) {
    if (error instanceof CallError) return undefined;
    throw error;
  }
};
