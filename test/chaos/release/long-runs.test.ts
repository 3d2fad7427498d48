import { expect, it } from "vitest";
import { CallError } from "../../../src/call/call-error.ts";
import { createLLM } from "../../../src/client/create-llm.ts";
import type { LLM } from "../../../src/client/llm.ts";
import { limit } from "../../../src/limit/limit.ts";
import { QuotaLimiter } from "../../../src/limit/quota-limiter.ts";
import { seededRng } from "../../../src/time/rng.ts";
import { virtualCall, virtualContext } from "../../fixtures/virtual-call.ts";
import { type LongClient, longLimits, runLong } from "./long-run.ts";

/** Fewer while trying things out. */
const hours = Number(process.env["SLUICE_HOURS"] ?? 24);

it(`the limiter keeps its laws through ${hours} hours at 50 calls a second, in memory that does not grow`, async () => {
  await runLong(hours, limiterAlone);
});

it(`so does the whole client through ${hours / 12} hours`, async () => {
  await runLong(hours / 12, wholeClient);
});

/** Callers that come back at once, and try again at once where it is not their fault. */
const limiterAlone: LongClient = ({ clock, handler, total, begin, end }) => {
  const limiter = new QuotaLimiter({ clock, limits: { ...longLimits, maxConcurrent: 2000 } });
  const limited = limit(limiter)(handler);
  const rng = seededRng(13);
  let next = 0;
  const attempt = async (sequence: number): Promise<boolean> => {
    const id = String(sequence);
    const input = 150 + Math.floor(100 * rng());
    const output = 50 + Math.floor(100 * rng());
    const call = { ...virtualCall({ input, output, max_tokens: output }), id };
    for (let count = 1; count <= 8; count++) {
      const ended = await limited(call, virtualContext(clock, { sequence, attempt: count, signal: never })).catch(
        failure,
      );
      if (!(ended instanceof CallError)) return true;
    }
    return false;
  };
  const caller = async (): Promise<void> => {
    for (let sequence = next++; sequence < total; sequence = next++) {
      begin(String(sequence));
      end(String(sequence), await attempt(sequence));
    }
  };
  return {
    work: Promise.all(Array.from({ length: 500 }, caller)).then(() => undefined),
    held: () => ({ queued: limiter.queued, inFlight: limiter.inFlight }),
  };
};

const heldBy = (llm: LLM): { readonly queued: number; readonly inFlight: number } => {
  const { queued, inFlight } = llm.stats();
  return { queued, inFlight };
};

const never: AbortSignal = new AbortController().signal;

const failure = (error: unknown): CallError => {
  expect(error).toBeInstanceOf(CallError);
  return error instanceof CallError ? error : new CallError("server", "unreachable");
};

const wholeClient: LongClient = ({ clock, handler, total, begin, end }) => {
  const llm = createLLM({ model: "m", clock, rng: seededRng(12), limits: longLimits, handler });
  const requests = function* () {
    const messages = [{ role: "user", content: "x".repeat(800) }];
    const rng = seededRng(13);
    for (let index = 0; index < total; index++) {
      begin(String(index));
      const input = 150 + Math.floor(100 * rng());
      const output = 50 + Math.floor(100 * rng());
      yield { id: String(index), body: { messages, input, output, max_tokens: output } };
    }
  };
  const work = async (): Promise<void> => {
    for await (const { id, ok } of llm.asCompleted(requests())) end(id, ok);
  };
  return { work: work(), held: () => heldBy(llm) };
};
