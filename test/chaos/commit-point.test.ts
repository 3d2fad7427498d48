import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../../src/call/call-error.ts";
import type { Handler } from "../../src/call/handler.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import { seededRng } from "../../src/time/rng.ts";
import { sleep } from "../../src/time/sleep.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { drive, runDry } from "./drive.ts";

/** Breaks off before any content, after some, or not at all. */
type Fate = "before" | "after" | "answered";

/** A provider whose attempts end as they are told; each content says which attempt it is of. */
const fated = (fates: readonly Fate[], made: { attempts: number }): Handler => {
  return async (_, { clock, signal, onEvent, onProgress }) => {
    const attempt = made.attempts++;
    const fate = fates[attempt] ?? "answered";
    await sleep(clock, 100, signal);
    onProgress?.("head");
    if (fate === "before") throw new CallError("server", "broken", { status: 500 });
    onProgress?.("content");
    await onEvent?.({ body: {}, text: `from ${attempt}`, content: true });
    await sleep(clock, 100, signal);
    if (fate === "after") throw new CallError("network", "cut");
    const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, reasoningTokens: 0 };
    return { status: 200, body: {}, usage, deployment: "fated" };
  };
};

const fates = fc.array(fc.constantFrom<Fate>("before", "before", "after", "answered"), { maxLength: 9 });

describe("P13: retries", () => {
  it("end where the first content was delivered, or where they are used up", async () => {
    await fc.assert(
      fc.asyncProperty(fates, fc.nat(), async (plan, seed) => {
        const clock = new VirtualClock();
        const made = { attempts: 0 };
        const llm = createLLM({ model: "m", clock, rng: seededRng(seed), handler: fated(plan, made), retry: 5 });
        const read = async (): Promise<{ readonly texts: readonly string[]; readonly code?: string }> => {
          const texts: string[] = [];
          try {
            for await (const { text } of llm.stream("hello")) if (text !== "") texts.push(text);
            return { texts };
          } catch (error) {
            return { texts, code: error instanceof CallError ? error.code : "?" };
          }
        };
        const { texts, code } = await drive(clock, read());
        const decisive = [...plan, "answered" as const].findIndex((fate) => fate !== "before");
        const usedUp = decisive > 5;
        expect(made.attempts).toBe(usedUp ? 6 : decisive + 1);
        expect(texts).toEqual(usedUp ? [] : [`from ${decisive}`]);
        if (usedUp) expect(code).toBe("server");
        else expect(code).toBe(plan[decisive] === "after" ? "interrupted" : undefined);
        await runDry(clock, 60_000);
      }),
      { numRuns: 100 },
    );
  });

  it("end at the call's deadline, and at its cancellation, with no attempt after it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), fc.boolean(), fc.nat(), async (endMs, cancels, seed) => {
        const clock = new VirtualClock();
        let last = 0;
        const controller = new AbortController();
        const handler: Handler = async (_, context) => {
          last = clock.now();
          await sleep(clock, 70, context.signal);
          throw new CallError("throttled", "slow", { status: 429 });
        };
        const llm = createLLM({ model: "m", clock, rng: seededRng(seed), handler });
        if (cancels) clock.schedule(endMs, () => controller.abort(new Error("enough")));
        const end = cancels ? { signal: controller.signal } : { timeout: { total: endMs } };
        const code = await drive(
          clock,
          llm.chat({ prompt: "hello", ...end }).then(
            () => "ok",
            (error: unknown) => (error instanceof CallError ? error.code : "?"),
          ),
        );
        expect(["cancelled", "timeout", "throttled"]).toContain(code);
        expect(clock.now()).toBeLessThanOrEqual(endMs);
        await runDry(clock, 60_000);
        expect(last).toBeLessThanOrEqual(endMs);
        expect(llm.stats()).toMatchObject({ queued: 0, inFlight: 0 });
      }),
      { numRuns: 100 },
    );
  });
});
