import { CallError } from "../../call/call-error.ts";
import type { Success } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import { createLLM } from "../../client/create-llm.ts";
import type { LLM } from "../../client/llm.ts";
import { systemClock } from "../../time/system-clock.ts";
import { settingAt } from "../config/setting.ts";
import { type AnswerOutput, answerOutput } from "../ask/answer-output.ts";
import { questionOf } from "../ask/question.ts";
import { replyJson } from "../ask/reply-json.ts";
import { grouped } from "../display/amount-text.ts";
import { moneyText } from "../display/money-text.ts";
import { printableLine } from "../display/printable.ts";
import { secondsText } from "../display/time-text.ts";
import type { Host } from "../host.ts";
import { parseCount } from "../parse/parse-count.ts";
import { parseParams } from "../parse/parse-params.ts";
import { textArgument } from "../parse/text-argument.ts";
import { CallFailure } from "../run/call-failure.ts";
import { retryLine, retryNews } from "../run/retry-news.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { type Settled, settledOn } from "../run/settled.ts";
import { modelTarget } from "../run/live-target.ts";
import type { RunTarget } from "../run/run-target.ts";
import { type Screen, screenOf } from "../run/screen.ts";
import { stopAtOnce, type StopAtOnce } from "../run/stop-at-once.ts";
import { signalExitCode } from "../run/stop-signals.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice ask`, as they were typed. */
export interface AskFlags extends Pick<
  RunFlags,
  "model" | "baseUrl" | "system" | "param" | "maxTokens" | "retries" | "timeout"
> {
  /** Says what it took where no terminal is to see it, too. */
  readonly verbose?: boolean;
  /** False after `--no-stream`. */
  readonly stream?: boolean;
}

/** `sluice ask`: one prompt, answered on stdout. @throws UsageError, CallFailure */
export const ask = async (
  words: readonly string[],
  flags: AskFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> => {
  const { config, configured, targets } = await settledOn(flags, host);
  const { model, retry, timeout } = configured;
  if (model === undefined) throw noModel(flags.baseUrl);
  const target = modelTarget(model, targets, host.environment);
  const { json: _, ...display } = flags;
  const screen = screenOf(display, false, host);
  const request = await requestOf(words, flags, host);
  const newsOf = retryNews();
  const llm = createLLM({
    ...configured,
    retry: { retries: usualRetries, ...(typeof retry === "object" ? retry : {}) },
    ...(isSet(config, "timeoutTotal") ? {} : { timeout: { ...timeout, total: usualTotal } }),
    onEvent: (event) => {
      const news = newsOf(event);
      if (news !== undefined) host.stderr.write(`${retryLine(news, screen.style())}\n`);
    },
  });
  const stop = stopAtOnce(host, () => systemClock.now(), signalExitCode);
  try {
    return await answered({ llm, request, flags, model, target, screen, host, stop });
  } finally {
    stop[Symbol.dispose]();
    await llm.close();
  }
};

/** Somebody waits in front of it: an answer that will not come is told sooner than in a run. */
const usualRetries = 2;
const usualTotal = "30m";

const isSet = ({ settings }: Settled["config"], name: string): boolean => settingAt(settings, [name]) !== undefined;

const noModel = (baseURL: string | undefined): UsageError =>
  new UsageError("no model was named", [
    baseURL === undefined
      ? "fix        -m openai/gpt-5-mini   or   export SLUICE_MODEL=openai/gpt-5-mini"
      : "fix        -m NAME, as the server at --base-url calls the model",
    "look       sluice models   lists the providers, and for which of them there is a key",
  ]);

const requestOf = async (words: readonly string[], flags: AskFlags, { stdin }: Host): Promise<ChatRequest> => {
  const { system, param = [], maxTokens, stream = true } = flags;
  return {
    ...(system === undefined ? {} : { system: await textArgument(system, "--system") }),
    ...(param.length === 0 ? {} : { params: parseParams(param) }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: parseCount(maxTokens, "--max-tokens") }),
    stream,
    prompt: await questionOf(words, stdin),
  };
};

interface Asked {
  readonly llm: LLM;
  readonly request: ChatRequest;
  readonly flags: AskFlags & DisplayFlags;
  readonly model: string;
  readonly target: RunTarget;
  readonly screen: Screen;
  readonly host: Host;
  readonly stop: StopAtOnce;
}

const answered = async (asked: Asked): Promise<number> => {
  const { llm, request, flags, model, target, host, stop } = asked;
  const output = answerOutput(host.stdout);
  const startedAt = systemClock.now();
  try {
    if (flags.json === true) {
      await output.write(replyJson(await wholeReply(llm, request, stop.signal)));
    } else {
      const took = await toldReply(asked, output);
      await output.end();
      tellTook(asked, took, systemClock.now() - startedAt);
    }
    return 0;
  } catch (error) {
    if (output.readerLeft) return 0;
    await output.end();
    if (stop.received !== undefined) return signalExitCode(stop.received);
    if (error instanceof CallError) throw new CallFailure(error, { target, model, baseURL: flags.baseUrl });
    throw error;
  }
};

const wholeReply = async (llm: LLM, request: ChatRequest, signal: AbortSignal): Promise<Success<ChatReply>> => {
  const [result] = await llm.batch([{ ...request, signal }]);
  if (result === undefined) throw new Error("The call has no result");
  if (!result.ok) throw result.error;
  return result;
};

/** What an answer took, as far as anybody knows. */
type Took = Pick<ChatReply, "usage" | "cost">;

/** Writes the answer as it comes. */
const toldReply = async ({ llm, request, stop }: Asked, output: AnswerOutput): Promise<Took> => {
  if (request.stream === false) {
    const { value } = await wholeReply(llm, request, stop.signal);
    await output.write(value.text);
    return value;
  }
  let took: Took = {};
  for await (const part of llm.stream({ ...request, signal: stop.signal })) {
    await output.write(part.text);
    if (output.readerLeft) break;
    took = { ...took, ...(part.usage && { usage: part.usage }), ...(part.cost && { cost: part.cost }) };
  }
  return took;
};

const tellTook = ({ host, flags, screen, model }: Asked, { usage, cost }: Took, elapsedMs: number): void => {
  if (!host.stderr.isTTY && flags.verbose !== true) return;
  const { words, glyphs, colours } = screen.style();
  const tokens =
    usage === undefined
      ? []
      : [words.tokensIn(grouped(usage.inputTokens)), words.tokensOut(grouped(usage.outputTokens))];
  const costs = cost === undefined ? [] : [moneyText(cost)];
  const fields = [printableLine(model), ...tokens, ...costs, secondsText(elapsedMs, words)];
  host.stderr.write(`${colours.dim(fields.join(` ${glyphs.dot} `))}\n`);
};
