import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { environmentProxy } from "../../client/environment.ts";
import { ProviderTable } from "../../client/provider-table.ts";
import type { Environment } from "../../client/target.ts";
import type { Transport } from "../../provider/http-contract.ts";
import { type ListAnswer, listFailure, requestModels } from "../../provider/model-list.ts";
import { systemClock } from "../../time/system-clock.ts";
import { inTime, Late } from "../run/in-time.ts";
import { UsageError } from "../usage-error.ts";
import { fullName, isVariable, type LiveTarget, liveTargets } from "../run/live-target.ts";
import type { TargetSettings } from "../run/run-target.ts";
import { broken, type Check, ok } from "./check.ts";
import { clockCheck } from "./clock-check.ts";
import type { DoctorWords } from "./doctor-words.ts";
import { failureFix } from "./fixes.ts";
import { sharingKey } from "./patients.ts";
import { proxyOf, shownProxy } from "./proxy-of.ts";

/** What every check may take. */
export const patienceMs = 5000;

/** What an examination needs. */
export interface Examination {
  readonly targets: TargetSettings;
  readonly transport: Transport;
  readonly environment: Environment;
  readonly words: DoctorWords;
  /** Whether the command line names the address. */
  readonly isTyped: boolean;
}

/** What was found about one provider. */
export interface ProviderChecks {
  readonly checks: readonly Check[];
  /** Absent when no answer told the time. */
  readonly clock?: Check;
}

/** Checks keys, proxy, address and answer of what serves a model, or of a provider. @throws UsageError when no such provider is known */
export const providerChecks = async (patient: string, examination: Examination): Promise<ProviderChecks> => {
  const { transport, words } = examination;
  const { targets, missing } = targetsOf(patient, examination);
  const seen = new Set<string>();
  const found = await Promise.all(
    targets.map(async (target) => {
      const isFirst = !seen.has(target.baseURL);
      seen.add(target.baseURL);
      return targetChecks(target, isFirst, transport, words);
    }),
  );
  const clock = found.find((one) => one.clock !== undefined)?.clock;
  return { checks: [...missing, ...found.flatMap(({ checks }) => checks)], ...(clock === undefined ? {} : { clock }) };
};

/** @param isFirst of several keys of one server: what is true of the server is told once. */
const targetChecks = async (
  target: LiveTarget,
  isFirst: boolean,
  transport: Transport,
  words: DoctorWords,
): Promise<ProviderChecks> => {
  const key = keyCheck(target, words);
  const proxy = proxyOf(target.baseURL, environmentProxy());
  const way = ok("proxy", proxy === undefined ? words.noProxy : words.through(shownProxy(proxy)));
  const [address, answer] = await Promise.all([
    dnsCheck(proxy ?? target.baseURL, words),
    key.state === "broken" ? undefined : answerCheck(target, transport, words),
  ]);
  // What cannot be found cannot answer: the cause is told once.
  const found = answer === undefined || (address.state === "broken" && isUnreachable(answer)) ? [] : [answer.check];
  return {
    checks: [key, ...(isFirst ? [way, address] : []), ...found].map((check) => ({ ...check, provider: target.id })),
    ...(answer?.clock === undefined ? {} : { clock: answer.clock }),
  };
};

interface Targets {
  readonly targets: readonly LiveTarget[];
  readonly missing: readonly Check[];
}

/** Where it goes; of a name for several, each by itself. */
const targetsOf = (patient: string, examination: Examination): Targets => {
  const members = examination.targets.deployments?.[patient] ?? [patient];
  const found = members.map((member) => memberTargets(member, examination));
  return {
    targets: found.flatMap(({ targets }) => targets),
    missing: found.flatMap(({ missing }) => missing),
  };
};

/** A key that is missing is a finding, and so is an address that is missing or wrong, unless it was typed just now. */
const memberTargets = (member: string, { targets, environment, words, isTyped }: Examination): Targets => {
  const table = new ProviderTable(targets, environment);
  const { provider } = table.parse(fullName(member, targets));
  const own = targets.providers?.[provider];
  const { keyVariables, keyRequired, baseURLVariable } = table.vendorOf(provider);
  const hasKey = own?.apiKeys !== undefined || keyVariables.some((name) => environment(name) !== undefined);
  const [variable] = keyVariables;
  const none = (check: Check): Targets => ({ targets: [], missing: [{ ...check, provider }] });
  if (keyRequired && !hasKey && variable !== undefined && (own?.baseURL ?? targets.baseURL) === undefined) {
    return none(broken("key", words.keyMissing(provider), `export ${variable}=…`));
  }
  try {
    return { targets: liveTargets(member, targets, environment), missing: [] };
  } catch (error) {
    if (!(error instanceof UsageError) || baseURLVariable === undefined || isTyped) throw error;
    return none(broken("address", error.message, words.addressFix(baseURLVariable)));
  }
};

const keyCheck = ({ apiKey, keyMask = "", keySource = "" }: LiveTarget, words: DoctorWords): Check => {
  if (apiKey === undefined) return ok("key", words.noKeyNeeded);
  const text = words.keyFrom(keyMask, keySource);
  return /^[\x21-\x7e]+$/.test(apiKey)
    ? ok("key", text)
    : broken("key", words.keyUnprintable(text), words.keyUnprintableFix(keySource, isVariable(keySource)));
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
const refusedFix = ({ provider, keySource }: LiveTarget, words: DoctorWords): string =>
  keySource === undefined
    ? words.keyWanted
    : words.refused(provider, keySource, isVariable(keySource), sharingKey(provider, keySource));
