import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { CallError } from "../../call/call-error.ts";
import { environmentProxy } from "../../client/environment.ts";
import type { Environment } from "../../client/target.ts";
import type { Transport } from "../../provider/http-contract.ts";
import { type ListAnswer, listFailure, requestModels } from "../../provider/model-list.ts";
import { inTime } from "../run/in-time.ts";
import { type LiveTarget, liveTarget } from "../run/live-target.ts";
import { UsageError } from "../usage-error.ts";
import { broken, type Check, ok } from "./check.ts";
import { clockCheck } from "./clock-check.ts";
import { failureFix, refusedFix } from "./fixes.ts";
import type { Patient } from "./patients.ts";
import { proxyOf, shownProxy } from "./proxy-of.ts";

/** What every check may take. */
export const patienceMs = 5000;

/** What was found about one provider. */
export interface ProviderChecks {
  readonly checks: readonly Check[];
  /** Absent when no answer told the time. */
  readonly clock?: Check;
}

/** Checks key, proxy, address and answer of one provider. @throws UsageError when no such provider is known */
export const providerChecks = async (
  { model, baseURL }: Patient,
  transport: Transport,
  environment: Environment,
): Promise<ProviderChecks> => {
  const target = targetOf(model, baseURL, environment);
  if (!("vendor" in target)) return { checks: [target] };
  const name = target.shown.provider;
  const key = keyCheck(name, target);
  const proxy = proxyOf(target.baseURL, environmentProxy());
  const way = ok(
    `${name} proxy`,
    proxy === undefined ? "none: straight to the address" : `through ${shownProxy(proxy)}`,
  );
  const [address, answer] = await Promise.all([
    dnsCheck(name, proxy ?? target.baseURL),
    key.state === "broken" ? undefined : answerCheck(name, target, transport),
  ]);
  // What cannot be found cannot answer: the cause is told once.
  const found =
    answer === undefined || (address.state === "broken" && answer.clock === undefined) ? [] : [answer.check];
  return {
    checks: [key, way, address, ...found],
    ...(answer?.clock === undefined ? {} : { clock: answer.clock }),
  };
};

/** Where it goes; what keeps it from going anywhere is a finding. */
const targetOf = (model: string, baseURL: string | undefined, environment: Environment): LiveTarget | Check => {
  try {
    return liveTarget(model, baseURL, environment);
  } catch (error) {
    if (!(error instanceof UsageError) || !error.message.startsWith("no API key")) throw error;
    const [headline = "", ...notes] = error.message.split("\n").map((line) => line.trim());
    const fix = notes.find((note) => note.startsWith("fix"))?.replace(/^fix\s+/, "");
    return broken(`${headline.replace("no API key for ", "")} key`, headline, fix ?? "set its key");
  }
};

const keyCheck = (name: string, { apiKey, shown }: LiveTarget): Check => {
  const label = `${name} key`;
  if (apiKey === undefined) return ok(label, "none, and none is needed");
  const text = `${shown.keyMask ?? "…"} from ${shown.keySource ?? "the options"}`;
  return /^[\x21-\x7e]+$/.test(apiKey)
    ? ok(label, text)
    : broken(
        label,
        `${text}: it holds a space, a line break or a letter beyond ASCII`,
        `export ${shown.keySource ?? "it"}=… once more, without them`,
      );
};

const dnsCheck = async (name: string, address: string): Promise<Check> => {
  const label = `${name} address`;
  if (!URL.canParse(address)) return broken(label, "the proxy is no address", "export HTTPS_PROXY=http://host:port");
  const host = new URL(address).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return ok(label, host);
  try {
    const found = await inTime(patienceMs, () => lookup(host));
    return ok(label, `${host} is ${found.address}`);
  } catch (error) {
    const why =
      error instanceof Error && "code" in error ? String(error.code) : `no answer within ${patienceMs / 1000} s`;
    return broken(
      label,
      `the name ${host} is not found: ${why}`,
      "check the spelling, the network and its DNS; behind a proxy, export HTTPS_PROXY=http://host:port",
    );
  }
};

interface Answered {
  readonly check: Check;
  readonly clock?: Check;
}

const answerCheck = async (name: string, target: LiveTarget, transport: Transport): Promise<Answered> => {
  const label = `${name} answer`;
  const startedAt = Date.now();
  try {
    const answer = await inTime(patienceMs, (signal) => requestModels(target, transport, signal));
    const clock = clockCheck(answer.headers["date"], startedAt, Date.now());
    return { check: meaning(label, target, answer, Date.now() - startedAt), ...(clock === undefined ? {} : { clock }) };
  } catch (error) {
    const message = error instanceof CallError ? error.message : `no answer within ${patienceMs / 1000} s`;
    return { check: broken(label, message, failureFix(message)) };
  }
};

const meaning = (label: string, target: LiveTarget, answer: ListAnswer, elapsedMs: number): Check => {
  const failure = listFailure(target, answer);
  if (failure === undefined) return ok(label, `${answer.status} in ${elapsedMs}ms`);
  const { status } = answer;
  if (failure.code === "auth" || status === 401 || status === 403) {
    return { ...broken(label, failure.message, refusedFix(target)), refused: true };
  }
  if (status === 404 || status === 405)
    return ok(label, `reachable in ${elapsedMs}ms; it has no list of models (${status})`);
  if (failure.code === "throttled" || failure.code === "overloaded")
    return ok(label, `reachable, but busy (${status})`);
  return broken(label, failure.message, failureFix(failure.message));
};
