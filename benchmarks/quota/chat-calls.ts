import { logNormal } from "../../src/simulator/log-normal.ts";
import { type Rng, seededRng } from "../../src/time/rng.ts";

/** How many tokens one call takes. */
export interface ChatCall {
  readonly input: number;
  readonly output: number;
}

/** Calls whose sizes come from somewhere. */
export interface CallLaw {
  /** The mean size, which every client is told. */
  readonly mean: ChatCall;
  draw(rng: Rng): ChatCall;
}

/** Chat as in the Azure LLM inference trace of 2023 (AzurePublicDataset), fitted by log-normals: input and output are independent. */
export const chatLaw: CallLaw = {
  mean: { input: Math.exp(6.633 + 0.985 ** 2 / 2), output: Math.exp(5.019 + 0.859 ** 2 / 2) },
  draw: (rng) => ({
    input: Math.max(8, Math.round(Math.exp(6.633) * logNormal(rng, 0.985))),
    output: Math.max(1, Math.round(Math.exp(5.019) * logNormal(rng, 0.859))),
  }),
};

/** The same, but one call in `every` has an input of `lump` tokens. */
export const lumpyLaw = (lump: number, every: number): CallLaw => ({
  mean: { input: chatLaw.mean.input + (lump - chatLaw.mean.input) / every, output: chatLaw.mean.output },
  draw: (rng) => {
    const call = chatLaw.draw(rng);
    return rng() * every < 1 ? { ...call, input: lump } : call;
  },
});

/** So many calls, the same ones for the same seed. */
export const drawCalls = function* (law: CallLaw, count: number, seed: number): Generator<ChatCall> {
  const rng = seededRng(seed);
  for (let made = 0; made < count; made++) yield law.draw(rng);
};

/** Chat whose answers are all equally long, so that the last of a job is no matter of luck. */
export const evenLaw: CallLaw = {
  mean: { input: chatLaw.mean.input, output: 200 },
  draw: (rng) => ({ ...chatLaw.draw(rng), output: 200 }),
};
