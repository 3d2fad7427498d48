import type { Target } from "../../client/target.ts";
import { environmentProxy } from "../../client/environment.ts";
import { maskKey } from "../../provider/redact.ts";
import { checkKey } from "../../provider/request-headers.ts";
import { baseOf } from "../../provider/request-path.ts";
import { createTransport } from "../../provider/transport.ts";
import { findVendor } from "../../provider/vendors.ts";
import { UsageError } from "../usage-error.ts";
import { placesOf, type RunTarget, runTarget, sourceOf, type TargetSettings } from "./run-target.ts";

/** Where requests go, key and all, and what may be shown of it. */
export interface LiveTarget extends Target {
  /** The provider's name; with several keys, `#1`, `#2`… behind it. */
  readonly id: string;
  readonly provider: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** What may be shown of the key; absent where there is none. */
  readonly keyMask?: string;
  /** The model's name without its provider; empty when only a provider was named. */
  readonly model: string;
}

type Environment = (name: string) => string | undefined;

/** Everything that requests for a model go to; the name of a provider alone will do. @throws UsageError when there is no address, or no key */
export const liveTargets = (model: string, settings: TargetSettings, environment: Environment): readonly LiveTarget[] =>
  placesOf(fullName(model, settings), settings, environment).map(({ model: name, ...place }) => ({
    ...place,
    // Messages speak of a server by the user's name for it.
    vendor: { ...place.vendor, name: place.provider },
    keySource: sourceOf({ ...place, model: name }, settings),
    ...(place.apiKey === undefined ? {} : { keyMask: maskKey(place.apiKey) }),
    model: name,
  }));

/** A provider's name as a model without a name of its own; any other name as it is. */
export const fullName = (model: string, { providers = {}, deployments = {} }: TargetSettings): string =>
  deployments[model] === undefined && (Object.hasOwn(providers, model) || findVendor(model) !== undefined)
    ? `${model}/`
    : model;

/** The same, of which a first look shows that requests can be sent to it. @throws UsageError */
export const sendableTargets: typeof liveTargets = (model, settings, environment) => {
  const targets = liveTargets(model, settings, environment);
  for (const target of targets) checkSendable(target);
  checked(() => createTransport({ proxy: environmentProxy() ?? {} }), [proxyFix]);
  return targets;
};

/** Where the calls of a model go, which can be sent there: a provider alone cannot be asked. @throws UsageError */
export const modelTarget = (model: string, settings: TargetSettings, environment: Environment): RunTarget => {
  const nameless = sendableTargets(model, settings, environment).find((target) => target.model === "");
  if (nameless === undefined) return runTarget(model, settings, environment);
  const { provider } = nameless;
  throw new UsageError(`${JSON.stringify(model)} names a provider, but no model`, [
    `fix        -m ${provider}/NAME`,
    `look       sluice models --live -m ${provider}   lists the names`,
  ]);
};

const checkSendable = ({ baseURL, apiKey, keySource = "SLUICE_API_KEY" }: LiveTarget): void => {
  checked(
    () => baseOf(baseURL),
    ["fix        a key goes into a variable such as SLUICE_API_KEY, not into the address"],
  );
  const fix = isVariable(keySource) ? `export ${keySource}=… once more, without them` : `mend the key in ${keySource}`;
  checked(() => checkKey(apiKey), [`fix        ${fix}`]);
};

/** Whether a key comes from a variable, and not from a file. */
export const isVariable = (source: string): boolean => /^[A-Z_][A-Z0-9_]*$/i.test(source);

/** What to do about a proxy that is no address. */
const proxyFix = "fix        HTTPS_PROXY and HTTP_PROXY must be addresses such as http://proxy.example:3128";

const checked = (check: () => unknown, notes: readonly string[]): void => {
  try {
    check();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.replace(/^Cannot create \w+: /, "cannot send anything: "), notes);
  }
};
