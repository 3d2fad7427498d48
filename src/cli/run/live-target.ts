import { ProviderTable } from "../../client/provider-table.ts";
import type { Environment, Target } from "../../client/target.ts";
import { environmentProxy } from "../../client/environment.ts";
import { checkKey } from "../../provider/request-headers.ts";
import { baseOf } from "../../provider/request-path.ts";
import { createTransport } from "../../provider/transport.ts";
import { findVendor } from "../../provider/vendors.ts";
import { UsageError } from "../usage-error.ts";
import { type RunTarget, runTarget, type TargetSettings } from "./run-target.ts";

/** Where requests go, key and all, and what may be shown of it. */
export interface LiveTarget extends Target {
  readonly shown: RunTarget;
  /** The model's name without its provider; empty when only a provider was named. */
  readonly model: string;
}

/** What requests for a model go to; the name of a provider alone will do. @throws UsageError when there is no address, or no key */
export const liveTarget = (model: string, settings: TargetSettings, environment: Environment): LiveTarget => {
  const { providers = {}, deployments = {} } = settings;
  const isProvider = findVendor(model) !== undefined || Object.hasOwn(providers, model);
  const full = isProvider ? `${model}/` : (deployments[model]?.[0] ?? model);
  const shown = runTarget(full, settings, environment);
  const table = new ProviderTable(settings, environment);
  const { provider, name } = table.parse(full);
  const [endpoint] = table.endpointsOf(provider);
  if (endpoint === undefined) throw new UsageError(`no key for ${provider}`);
  return { ...endpoint, shown, model: name };
};

/** The same, of which a first look shows that requests can be sent to it. @throws UsageError */
export const sendableTarget: typeof liveTarget = (model, settings, environment) => {
  const target = liveTarget(model, settings, environment);
  const { apiKey, shown } = target;
  checked(
    () => baseOf(target.baseURL),
    ["fix        a key goes into a variable such as SLUICE_API_KEY, not into the address"],
  );
  checked(
    () => checkKey(apiKey),
    [`fix        export ${shown.keySource ?? "SLUICE_API_KEY"}=… once more, without them`],
  );
  checked(() => createTransport({ proxy: environmentProxy() ?? {} }), [proxyFix]);
  return target;
};

/** The same for a model: a provider alone cannot be asked. @throws UsageError */
export const modelTarget: typeof liveTarget = (model, settings, environment) => {
  const target = sendableTarget(model, settings, environment);
  if (target.model !== "") return target;
  const { provider } = target.shown;
  throw new UsageError(`${JSON.stringify(model)} names a provider, but no model`, [
    `fix        -m ${provider}/NAME`,
    `look       sluice models --live -m ${provider}   lists the names`,
  ]);
};

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
