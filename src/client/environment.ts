import type { ProxyOptions } from "../provider/transport.ts";

/** A variable of the environment; an empty one counts as absent. */
export const environmentVariable = (name: string): string | undefined => {
  const value = process.env[name]?.trim();
  return value === "" ? undefined : value;
};

/** The proxies that the environment asks for, in either spelling. */
export const environmentProxy = (): ProxyOptions | undefined => {
  const http = either("http_proxy");
  const https = either("https_proxy") ?? http;
  if (http === undefined && https === undefined) return undefined;
  return { ...(http && { http: withScheme(http) }), ...(https && { https: withScheme(https) }), no: unproxied() };
};

/** An asterisk means every host only where it stands alone. */
const unproxied = (): string => {
  const named =
    either("no_proxy")
      ?.split(/[,\s]+/)
      .filter((name) => name !== "") ?? [];
  return named.includes("*") ? "*" : [...named, ...thisMachine].join(",");
};

/** A proxy elsewhere cannot reach a server on this machine. */
const thisMachine = ["localhost", "127.0.0.1", "::1", "[::1]"];

const withScheme = (address: string): string => (address.includes("://") ? address : `http://${address}`);

/** The number of this process. */
export const ownProcessId = (): number => process.pid;

/** Says something that a developer should know, once for each text, as Node's own warnings are said. */
export const warnOnce = (message: string): void => {
  if (said.has(message) || said.size > 100) return;
  said.add(message);
  process.emitWarning(message, { type: "SluiceWarning" });
};

const said = new Set<string>();

/** Whether a process of this machine still runs. One that belongs to somebody else does: asking about it is refused. */
export const isProcessAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const either = (name: string): string | undefined =>
  environmentVariable(name) ?? environmentVariable(name.toUpperCase());
