import process from "node:process";

/** The process as the commands see it. */
export interface Host {
  /** A variable of the environment; an empty one counts as absent. */
  readonly environment: (name: string) => string | undefined;
  /** Gives a variable to this process that is not in its environment yet; tells whether it was not. */
  readonly addVariable: (name: string, value: string) => boolean;
  /** The working directory. */
  readonly folder: string;
  readonly arguments: readonly string[];
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly pid: number;
  readonly platform: string;
  /** Such as `22.1.0`. */
  readonly nodeVersion: string;
  /** Calls back at each signal until the returned function is called. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): never;
}

/** The signals that ask a run to stop; `SIGHUP` comes when its terminal is closed. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const stopSignals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** This process. */
export const processHost = (): Host => ({
  environment: (name) => process.env[name]?.trim() || undefined,
  addVariable: (name, value) => {
    if (process.env[name] !== undefined) return false;
    process.env[name] = value;
    return true;
  },
  folder: process.cwd(),
  arguments: process.argv.slice(2),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  pid: process.pid,
  platform: process.platform,
  nodeVersion: process.versions.node,
  onSignal: (listener) => {
    for (const signal of stopSignals) process.on(signal, listener);
    return () => {
      for (const signal of stopSignals) process.off(signal, listener);
    };
  },
  exit: (code) => process.exit(code),
});
