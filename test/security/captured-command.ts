import { PassThrough } from "node:stream";
import { vi } from "vitest";
import type { Host } from "../../src/cli/host.ts";
import { main } from "../../src/cli/main.ts";

/** How a command that ran in this process ended, and all that it wrote. */
export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandPlace {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether stdout and stderr are terminals. */
  readonly terminal?: boolean;
  readonly stdin?: string;
}

/** Runs `sluice` in this process, with an environment of its own. */
export const command = async (words: readonly string[], place: CommandPlace): Promise<Captured> => {
  const { folder, environment = {}, terminal = false, stdin = "" } = place;
  for (const name of Object.keys(process.env)) if (/KEY|TOKEN|PROXY|^SLUICE/i.test(name)) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const [out, err] = [captured(terminal), captured(terminal)];
  const input = Object.assign(new PassThrough(), { isTTY: false });
  input.end(stdin);
  try {
    const host = { ...bareHost(folder), arguments: words, stdin: input, stdout: out.stream, stderr: err.stream };
    const code = await main(host as unknown as Host);
    return { code, stdout: out.text(), stderr: err.text() };
  } finally {
    vi.unstubAllEnvs();
  }
};

const bareHost = (folder: string): Partial<Host> => ({
  environment: (name) => process.env[name]?.trim() || undefined,
  addVariable: (name, value) => {
    if (process.env[name] !== undefined) return false;
    vi.stubEnv(name, value);
    return true;
  },
  folder,
  pid: process.pid,
  platform: process.platform,
  nodeVersion: process.versions.node,
  onSignal: () => () => {},
  exit: () => {
    throw new Error("the process was to end");
  },
});

const captured = (isTTY: boolean): { readonly stream: object; readonly text: () => string } => {
  let text = "";
  const stream = new PassThrough();
  stream.on("data", (piece) => (text += String(piece)));
  const size = isTTY ? { columns: 120, rows: 40, getColorDepth: () => 8 } : {};
  return { stream: Object.assign(stream, { isTTY, ...size }), text: () => text };
};
