import type { LLMOptions } from "../../client/llm-options.ts";
import type { Limits } from "../../limit/limits.ts";
import type { RetryOptions } from "../../retry/retry-options.ts";
import type { TimeoutOptions } from "../../timeout/timeout-options.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { parseConcurrency } from "../parse/parse-concurrency.ts";
import { parseCount } from "../parse/parse-count.ts";
import { parseDuration } from "../parse/parse-duration.ts";
import { parseRate } from "../parse/parse-rate.ts";
import { parseWhole } from "../parse/parse-whole.ts";
import type { RunFlags } from "./run-flags.ts";

/** What the flags say about the client: whom it asks, how fast, and how long it waits. @throws UsageError */
export const clientOptions = (model: string | undefined, flags: RunFlags): LLMOptions => {
  const { baseUrl, maxTokens, hedge } = flags;
  return {
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(maxTokens === "auto" ? { maxOutputTokens: "auto" } : {}),
    ...(hedge === true ? { hedge } : {}),
    limits: limitsOf(flags),
    retry: retryOf(flags),
    timeout: timeoutOf(flags),
  };
};

const limitsOf = ({ concurrency, rpm, tpm, itpm, otpm, rpd, tpd }: RunFlags): Limits => ({
  ...(concurrency === undefined ? {} : { maxConcurrent: parseConcurrency(concurrency, "--concurrency") }),
  ...(rpm === undefined ? {} : { requestsPerMinute: parseRate(rpm, "--rpm") }),
  ...(tpm === undefined ? {} : { tokensPerMinute: parseRate(tpm, "--tpm") }),
  ...(itpm === undefined ? {} : { inputTokensPerMinute: parseRate(itpm, "--itpm") }),
  ...(otpm === undefined ? {} : { outputTokensPerMinute: parseRate(otpm, "--otpm") }),
  ...(rpd === undefined ? {} : { requestsPerDay: parseCount(rpd, "--rpd") }),
  ...(tpd === undefined ? {} : { tokensPerDay: parseCount(tpd, "--tpd") }),
});

const retryOf = ({ retries, onQuota }: RunFlags): RetryOptions => ({
  onEmptyBudget: "wait",
  ...(retries === undefined ? {} : { retries: parseWhole(retries, "--retries", 0, 1000) }),
  ...(onQuota === undefined ? {} : { onQuota: parseChoice(onQuota, "--on-quota", ["fail", "wait"]) }),
});

const timeoutOf = ({ timeout, timeoutFirst, timeoutIdle, timeoutTotal }: RunFlags): TimeoutOptions => ({
  total:
    timeoutTotal === undefined || timeoutTotal === "none" ? "none" : parseDuration(timeoutTotal, "--timeout-total"),
  ...(timeout === undefined ? {} : { attempt: parseDuration(timeout, "--timeout") }),
  ...(timeoutFirst === undefined ? {} : { firstContent: parseDuration(timeoutFirst, "--timeout-first") }),
  ...(timeoutIdle === undefined ? {} : { idle: parseDuration(timeoutIdle, "--timeout-idle") }),
});
