import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/simulator.ts";
import type { Host } from "../host.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { parseCount } from "../parse/parse-count.ts";
import { parseDuration } from "../parse/parse-duration.ts";
import { parseFaults } from "../parse/parse-faults.ts";
import { parseRate } from "../parse/parse-rate.ts";
import { parseWhole } from "../parse/parse-whole.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice mock`, as they were typed. */
export interface MockFlags {
  readonly port?: string;
  readonly rpm?: string;
  readonly tpm?: string;
  readonly latency?: string;
  readonly tokenLatency?: string;
  readonly fault?: readonly string[];
  readonly concurrency?: string;
  readonly seed?: string;
  readonly quota?: string;
  readonly burst?: string;
  /** False after `--no-headers`. */
  readonly headers?: boolean;
  readonly apiKey?: string;
}

/** `sluice mock`: a provider on this machine, until a signal ends it. @throws UsageError */
export const mock = async (flags: MockFlags, host: Host): Promise<number> => {
  const options = mockOptions(flags);
  const port = flags.port === undefined ? undefined : parseWhole(flags.port, "--port", 0, 65_535);
  const stopped = untilSignal(host);
  const simulator = await startOn(options, port);
  try {
    host.stdout.write(announcement(simulator, flags.apiKey !== undefined));
    await stopped;
  } finally {
    await simulator.close();
  }
  return 0;
};

/** The simulator that the flags describe. @throws UsageError */
const mockOptions = (flags: MockFlags): SimulatorOptions => {
  const { rpm, tpm, latency, tokenLatency, fault = [], concurrency, seed, quota, burst, headers, apiKey } = flags;
  return {
    ...(rpm === undefined ? {} : { requestsPerMinute: parseRate(rpm, "--rpm") }),
    ...(tpm === undefined ? {} : { tokensPerMinute: parseRate(tpm, "--tpm") }),
    ...(latency === undefined ? {} : { firstTokenMs: milliseconds(latency, "--latency") }),
    ...(tokenLatency === undefined ? {} : { tokenMs: milliseconds(tokenLatency, "--token-latency") }),
    ...(fault.length === 0 ? {} : { faults: parseFaults(fault) }),
    ...(concurrency === undefined ? {} : { maxConcurrent: parseCount(concurrency, "--concurrency") }),
    ...(seed === undefined ? {} : { seed: parseWhole(seed, "--seed", 0) }),
    ...(quota === undefined ? {} : { quota: parseChoice(quota, "--quota", ["bucket", "window", "sliding"]) }),
    ...(burst === undefined ? {} : { burstMs: parseDuration(burst, "--burst") }),
    ...(headers === undefined ? {} : { headers }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
};

const milliseconds = (text: string, flag: string): number =>
  /^\d+$/.test(text.trim()) ? Number(text) : parseDuration(text, flag);

const usualPort = 4010;
const portsTried = 20;

/** The port that was asked for, or the first free one from the usual port on. */
const startOn = async (options: SimulatorOptions, port: number | undefined): Promise<Simulator> => {
  const last = port === undefined ? usualPort + portsTried - 1 : port;
  for (let candidate = port ?? usualPort; ; candidate += 1) {
    try {
      return await startSimulator({ ...options, port: candidate });
    } catch (error) {
      const taken = isTaken(error);
      if (taken && candidate < last) continue;
      const message = error instanceof Error ? error.message : String(error);
      throw new UsageError(
        taken ? `port ${candidate} is taken` : message,
        taken ? ["next  --port 0 takes any free one"] : [],
      );
    }
  }
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && "code" in error.cause && error.cause.code === "EADDRINUSE";

const announcement = ({ url, origin, port }: Simulator, wantsKey: boolean): string => {
  const key = wantsKey ? "SLUICE_API_KEY=… " : "";
  return [
    `mock      ${url}`,
    `          ${origin} for the formats of Anthropic, Gemini and Azure`,
    `ledger    http://127.0.0.1:${port}/ledger`,
    `try       echo 'Name three rivers' | ${key}sluice run - -m mock --base-url ${url}`,
    "",
  ].join("\n");
};

const untilSignal = (host: Host): Promise<void> =>
  new Promise((resolve) => {
    const release = host.onSignal(() => {
      release();
      resolve();
    });
  });
