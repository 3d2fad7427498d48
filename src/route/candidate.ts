import type { Call, ModelRef } from "../call/call.ts";

/** One deployment that may answer a call. */
export interface Candidate {
  /** The endpoint: a provider, or one of its keys. */
  readonly deployment: string;
  /** The model as it is called there. */
  readonly model: ModelRef;
}

/** The call as it goes to that deployment. */
export const aimed = (call: Call, { deployment, model }: Candidate): Call => ({
  ...call,
  model,
  deployment,
  ...(model.name === call.model.name ? {} : { body: { ...call.body, model: model.name } }),
});
