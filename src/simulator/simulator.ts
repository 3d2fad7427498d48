import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { openHouse } from "./endpoint.ts";
import { type Ledger, LedgerKeeper } from "./ledger.ts";
import { router } from "./router.ts";
import { type SimulatorOptions, type SimulatorSettings, simulatorSettings } from "./simulator-options.ts";

export type { SimulatorOptions } from "./simulator-options.ts";
export type { Ledger, LedgerEntry } from "./ledger.ts";
export type { FaultKind, FaultRates } from "./fault-kind.ts";

/** A provider that runs on this machine. Disposing it closes it. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: the base URL of Anthropic's and Gemini's formats, and of Azure's. */
  readonly origin: string;
  /** The base URL of OpenAI's formats, `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  readonly port: number;
  /** What has been received and paid for so far; also at `GET /ledger`. */
  ledger(): Ledger;
  /** Ends every open connection at once. */
  close(): Promise<void>;
}

/** Starts a server that speaks the formats of OpenAI, Azure, Anthropic and Gemini, with one account behind them all, real quotas and the faults that are asked for. */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const settings = simulatorSettings(options);
  const server = createServer({ keepAliveTimeout });
  const sockets = trackSockets(server);
  const port = await listen(server, settings);
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
  const origin = `http://${host}:${port}`;
  const ledger = new LedgerKeeper(settings.maxLedgerEntries);
  server.on("request", router(openHouse(settings, ledger, settings.redirectTo ?? `${origin}/elsewhere`)));
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= shutDown(server, sockets));
  return { origin, url: `${origin}/v1`, port, ledger: () => ledger.snapshot(), close, [Symbol.asyncDispose]: close };
};

/** Longer than clients keep an idle connection, so that it is not closed just when one is used again. */
const keepAliveTimeout = 65_000;

/** Node's 511 makes a thousand clients that connect at once wait for seconds; the system cuts it to what it allows. */
const backlog = 16_384;

const listen = (server: Server, { host, port }: SimulatorSettings): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(new Error(`${cannotListen(host, port)}: ${cause.message}`, { cause })));
    server.listen({ host, port, backlog }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

const cannotListen = (host: string, port: number): string =>
  `Cannot start the simulator: nothing can listen on ${host}, port ${port} (port 0 takes any free one)`;

const trackSockets = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
};

/** A server says that it is closed before its last sockets say so, and their calls end only with them. */
const shutDown = async (server: Server, sockets: ReadonlySet<Socket>): Promise<void> => {
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  const ended = Array.from(sockets, (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
  for (const socket of sockets) socket.destroy();
  await Promise.all([stopped, ...ended]);
};
