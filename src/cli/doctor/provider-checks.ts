import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { environmentProxy } from "../../client/environment.ts";
import { type Environment, parseModel } from "../../client/target.ts";
import type { Transport } from "../../provider/http-contract.ts";
import { type ListAnswer, listFailure, requestModels } from "../../provider/model-list.ts";
import { findVendor } from "../../provider/vendors.ts";
import { systemClock } from "../../time/system-clock.ts";
import { inTime, Late } from "../run/in-time.ts";
import { UsageError } from "../usage-error.ts";
import { type LiveTarget, liveTarget } from "../run/live-target.ts";
import type { TargetSettings } from "../run/run-target.ts";
import { broken, type Check, ok } from "./check.ts";
import { clockCheck } from "./clock-check.ts";
import type { DoctorWords } from "./doctor-words.ts";
import { failureFix } from "./fixes.ts";
import { type Patient, sharingKey } from "./patients.ts";
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
  patient: Patient,
  targets: TargetSettings,
  transport: Transport,
  environment: Environment,
  words: DoctorWords,
): Promise<ProviderChecks> => {
  const { model, baseURL } = patient;
  const settings = baseURL === undefined ? targets : { ...targets, baseURL };
  const target = targetOf(model, settings, environment, words);
  if (!("vendor" in target)) return { checks: [target] };
  const key = keyCheck(target, words);
  const proxy = proxyOf(target.baseURL, environmentProxy());
  const way = ok("proxy", proxy === undefined ? words.noProxy : words.through(shownProxy(proxy)));
  const [address, answer] = await Promise.all([
    dnsCheck(proxy ?? target.baseURL, words),
    key.state === "broken" ? undefined : answerCheck(target, transport, words),
  ]);
  // What cannot be found cannot answer: the cause is told once.
  const found = answer === undefined || (address.state === "broken" && isUnreachable(answer)) ? [] : [answer.check];
  const { provider } = target.shown;
  return {
    checks: [key, way, address, ...found].map((check) => (provider === undefined ? check : { ...check, provider })),
    ...(answer?.clock === undefined ? {} : { clock: answer.clock }),
  };
};

/** Where it goes; a key that is missing is a finding, and so is an address, unless it was typed just now. */
const targetOf = (
  model: string,
  settings: TargetSettings,
  environment: Environment,
  words: DoctorWords,
): LiveTarget | Check => {
  try {
    return liveTarget(model, settings, environment);
  } catch (error) {
    const { provider } = parseModel(findVendor(model) === undefined ? model : `${model}/`);
    const vendor = findVendor(provider);
    const [variable] = vendor?.keyVariables ?? [];
    if (!(error instanceof UsageError) || vendor === undefined || settings.baseURL !== undefined) throw error;
    const isMissing = vendor.keyVariables.every((name) => environment(name) === undefined);
    if (vendor.keyRequired && isMissing && variable !== undefined)
      return { ...broken("key", words.keyMissing(vendor.name), `export ${variable}=…`), provider };
    const { baseURLVariable } = vendor;
    if (baseURLVariable === undefined) throw error;
    return { ...broken("address", error.message, words.addressFix(baseURLVariable)), provider };
  }
};

const keyCheck = ({ apiKey, shown: { keyMask = "", keySource = "" } }: LiveTarget, words: DoctorWords): Check => {
  if (apiKey === undefined) return ok("key", words.noKeyNeeded);
  const text = words.keyFrom(keyMask, keySource);
  return /^[\x21-\x7e]+$/.test(apiKey)
    ? ok("key", text)
    : broken("key", words.keyUnprintable(text), words.keyUnprintableFix(keySource));
};

const dnsCheck = async (address: string, words: DoctorWords): Promise<Check> => {
  if (!URL.canParse(address)) return broken("address", words.proxyNoAddress, words.fixes.proxyAddress);
  const host = new URL(address).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return ok("address", host);
  try {
    const found = await inTime(patienceMs, () => lookup(host));
    return ok("address", words.hostIs(host, found.address));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : words.late(patienceMs / 1000);
    return broken("address", words.hostUnknown(host, why), words.fixes.name);
  }
};

const isUnreachable = ({ check, clock }: Answered): boolean => check.state === "broken" && clock === undefined;

interface Answered {
  readonly check: Check;
  readonly clock?: Check;
}

const answerCheck = async (target: LiveTarget, transport: Transport, words: DoctorWords): Promise<Answered> => {
  const startedAt = systemClock.wallNow();
  try {
    const answer = await inTime(patienceMs, (signal) => requestModels(target, transport, signal));
    const endedAt = systemClock.wallNow();
    const clock = clockCheck(answer.headers["date"], startedAt, endedAt, words);
    return { check: meaning(target, answer, endedAt - startedAt, words), ...(clock === undefined ? {} : { clock }) };
  } catch (error) {
    if (error instanceof Late) return { check: broken("answer", words.late(patienceMs / 1000), words.fixes.firewall) };
    const message = error instanceof Error ? error.message : String(error);
    return { check: broken("answer", message, failureFix(message, words)) };
  }
};

const meaning = (target: LiveTarget, answer: ListAnswer, elapsedMs: number, words: DoctorWords): Check => {
  const failure = listFailure(target, answer);
  const { status } = answer;
  if (failure === undefined) return ok("answer", words.answered(status, elapsedMs));
  if (failure.code === "auth" || status === 401 || status === 403) {
    return { ...broken("answer", failure.message, refusedFix(target, words)), refused: true };
  }
  if (status === 404 || status === 405) return ok("answer", words.reachable(status, elapsedMs));
  if (failure.code === "throttled" || failure.code === "overloaded") return ok("answer", words.busy(status));
  return broken("answer", failure.message, failureFix(failure.message, words));
};

/** The key may be one of another region. */
const refusedFix = ({ shown: { provider, keySource } }: LiveTarget, words: DoctorWords): string =>
  keySource === undefined
    ? words.keyWanted
    : words.refused(provider ?? "", keySource, sharingKey(provider ?? "", keySource));
