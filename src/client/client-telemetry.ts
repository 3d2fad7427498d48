import type { Call } from "../call/call.ts";
import type { ServerAddress } from "../observe/recorder.ts";
import { createTelemetry, noTelemetry, type Telemetry } from "../observe/telemetry.ts";
import { version } from "../provider/version.ts";
import type { LLMOptions } from "./llm-options.ts";
import type { ProviderTable } from "./provider-table.ts";

/** The layers that tell of a client's calls; without the option they are none. */
export const clientTelemetry = ({ telemetry, handler }: LLMOptions, table: ProviderTable): Telemetry => {
  if (telemetry === undefined) return noTelemetry;
  const vendorOf = (provider: string): string => table.vendorOf(provider).name;
  // What answers in place of a provider has no address.
  return createTelemetry(telemetry, { version, vendorOf, ...(handler === undefined && { serverOf: serverOf(table) }) });
};

const serverOf = (table: ProviderTable): ((call: Call) => ServerAddress | undefined) => {
  const servers = new Map<string, ServerAddress | undefined>();
  return ({ model: { provider }, deployment = provider }) => {
    if (!servers.has(deployment)) servers.set(deployment, addressOf(table, provider, deployment));
    return servers.get(deployment);
  };
};

const addressOf = (table: ProviderTable, provider: string, deployment: string): ServerAddress | undefined => {
  try {
    const endpoints = table.endpointsOf(provider);
    const { baseURL } = endpoints.find(({ id }) => id === deployment) ?? endpoints[0] ?? {};
    if (baseURL === undefined) return undefined;
    const { hostname, port, protocol } = new URL(baseURL);
    return { address: hostname, port: port === "" ? standardPort(protocol) : Number(port) };
  } catch {
    // A provider without a key or an address: its calls say so themselves.
    return undefined;
  }
};

const standardPort = (protocol: string): number => (protocol === "https:" ? 443 : 80);
