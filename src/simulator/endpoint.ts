import type { IncomingMessage } from "node:http";
import type { Clock } from "../time/clock.ts";
import { type Rng, seededRng } from "../time/rng.ts";
import { type Account, accountQuotas, type AccountQuota, openAccount } from "./account.ts";
import { admit } from "./admission.ts";
import { type Answer, composeAnswer } from "./answer.ts";
import type { Asked, Dialect, Vendor, Visit } from "./dialect.ts";
import type { ErrorAnswer, Failure } from "./failure.ts";
import { faultAnswer } from "./fault-answers.ts";
import { faultAt } from "./fault-kind.ts";
import { faultyScript } from "./faulty-script.ts";
import { framedScript } from "./framed-script.ts";
import { keyRefusal } from "./key-refusal.ts";
import { drawLatency } from "./latency.ts";
import type { LedgerKeeper, OpenEntry } from "./ledger.ts";
import { readQuotas } from "./read-quotas.ts";
import { SaturatingClock } from "./saturating-clock.ts";
import type { Frame, Script } from "./script.ts";
import { ScriptPlayer } from "./script-player.ts";
import type { SimulatorSettings } from "./simulator-options.ts";
import { countTokens } from "./token-stream.ts";

/** What all the endpoints of an account share. */
export interface House {
  readonly settings: SimulatorSettings;
  readonly ledger: LedgerKeeper;
  readonly startedAt: number;
  readonly account: Account;
  readonly quotas: readonly AccountQuota[];
  /** The time of calls that are being served. */
  readonly service: Clock | SaturatingClock;
  readonly redirectTo: string;
}

/** Opens the account that stands behind all formats. */
export const openHouse = (settings: SimulatorSettings, ledger: LedgerKeeper, redirectTo: string): House => {
  const { clock, kneeConcurrent } = settings;
  const account = openAccount(settings, clock.now());
  const service = kneeConcurrent === undefined ? clock : new SaturatingClock(clock, kneeConcurrent);
  return {
    settings,
    ledger,
    startedAt: clock.now(),
    account,
    quotas: accountQuotas(account),
    service,
    redirectTo,
  };
};

/** Answers one request in one format: key, request, quotas, then the answer or a fault. */
export const answerVisit = <Request extends Asked>(house: House, dialect: Dialect<Request>, visit: Visit): void => {
  const { settings, ledger, account, startedAt, redirectTo } = house;
  const { vendor, operation } = dialect;
  const now = settings.clock.now();
  const requestId = `req_${settings.seed}_${ledger.nextArrival}`;
  const error = (failure: Failure): ErrorAnswer => vendor.error(failure, requestId);
  const { body } = visit;
  const parsed =
    body === undefined
      ? error({ kind: "size", maxBodyBytes: settings.maxBodyBytes })
      : dialect.parse({ ...visit, body, requestId });
  const asked = "status" in parsed ? undefined : parsed;
  const entry = ledger.receive(now - startedAt, operation, asked, retryCount(visit.request));
  const exchange: Exchange = { ...house, vendor, visit, entry, requestId, receivedAt: now };
  const unknownKey = keyRefusal(vendor, visit, settings.apiKey, requestId);
  if (unknownKey !== undefined) return sendError(exchange, unknownKey);
  if ("status" in parsed) return sendError(exchange, parsed);
  const answers = composeAnswers(parsed, settings);
  const tokens = parsed.promptTokens + tokensAhead(parsed, answers, settings);
  const refused = admit(account, { now, tokens, inputTokens: parsed.promptTokens, inFlight: ledger.inFlight });
  if (refused !== undefined) {
    ledger.refuse();
    return sendError(exchange, error({ kind: "refused", refused, model: parsed.model, hints: settings.hints }));
  }
  const rng = seededRng(Math.imul(settings.seed, 0x9e3779b1) ^ Math.imul(entry.arrival, 0x85ebca6b));
  const fault = faultAt(settings.faults, rng());
  if (fault !== undefined) ledger.fault(entry, fault);
  const failed = faultAnswer(fault, { model: parsed.model, redirectTo, error });
  if (failed !== undefined) return sendError(exchange, failed);
  deliver(exchange, plannedScript(exchange, dialect, { request: parsed, answers, rng }), parsed.streamed);
};

interface Exchange extends House {
  readonly vendor: Vendor;
  readonly visit: Visit;
  readonly entry: OpenEntry;
  readonly requestId: string;
  readonly receivedAt: number;
}

/** What the answer is charged with at admission: its bound, or its own length where nothing bounds it. */
const tokensAhead = (request: Asked, answers: readonly Answer[], { tokenCharge }: SimulatorSettings): number => {
  if (tokenCharge === "actual") return 0;
  return request.maxTokens === undefined ? countTokens(answers) : request.maxTokens * request.choices;
};

const retryCount = (request: IncomingMessage): number | undefined => {
  const count = request.headers["x-stainless-retry-count"];
  return count === undefined ? undefined : Number(count);
};

const composeAnswers = (request: Asked, { seed, outputTokens }: SimulatorSettings): readonly Answer[] => {
  const start = Number.parseInt(request.digest.slice(0, 8), 16) ^ Math.imul(seed, 0x9e3779b1);
  return Array.from({ length: request.choices }, (_, index) =>
    composeAnswer({ ...request, outputTokens }, seededRng(start + index)),
  );
};

interface Delivery<Request extends Asked> {
  readonly request: Request;
  readonly answers: readonly Answer[];
  readonly rng: Rng;
}

/** What will be sent, and when: the answer in its format, with its fault and the ends of its lines. */
const plannedScript = <Request extends Asked>(
  { settings, entry, requestId, service, vendor }: Exchange,
  { script }: Dialect<Request>,
  { request, answers, rng }: Delivery<Request>,
): Script => {
  const latency = drawLatency(settings, rng);
  const id = `${settings.seed}-${entry.arrival}`;
  const good = script({ id, created: Math.floor(service.wallNow() / 1000), latency, request, answers });
  const { body } = vendor.error({ kind: "server" }, requestId);
  const faulty = faultyScript(good, entry.fault, {
    slowMs: settings.slowMs,
    errorBody: body,
    errorFrame: (tokens) => vendor.errorFrame(body, tokens),
  });
  if (!request.streamed) return faulty;
  return framedScript(faulty, { bom: settings.bom, framing: settings.framing ?? vendor.framing });
};

const deliver = (exchange: Exchange, script: Script, streamed: boolean): void => {
  const { settings, ledger, entry, service: clock } = exchange;
  const { response } = exchange.visit;
  const { dripMs, stallMs, splitBytes } = settings;
  const quotaHeaders = statedQuotas(exchange);
  let open = true;
  const end = (): void => {
    open = false;
    leaveService(exchange);
  };
  const head = (): Record<string, string> => {
    ledger.status(entry, 200);
    return { ...commonHeaders(exchange), ...quotaHeaders };
  };
  const player = new ScriptPlayer(
    script,
    response,
    { head, played: (frame) => produce(exchange, frame), ended: end },
    { clock, dripMs, splitBytes: splitBytes && streamed, ...(stallMs === undefined ? {} : { stallMs }) },
  );
  const leave = (): void => {
    if (!open) return;
    player.stop();
    ledger.abandon(entry);
    end();
  };
  response.on("close", leave);
  response.on("error", leave);
  enterService(exchange);
  player.play();
};

const produce = ({ ledger, entry, account, settings }: Exchange, frame: Frame): void => {
  entry.completionTokens += frame.tokens;
  if (frame.tokens > 0) account.output?.charge(settings.clock.now(), frame.tokens);
  if (frame.completes) ledger.complete(entry);
};

const enterService = ({ ledger, service }: Exchange): void => {
  ledger.begin();
  if (service instanceof SaturatingClock) service.enter();
};

const leaveService = ({ ledger, service, account, entry, settings }: Exchange): void => {
  ledger.end();
  if (service instanceof SaturatingClock) service.leave();
  if (settings.tokenCharge === "actual") account.tokens?.charge(settings.clock.now(), entry.completionTokens);
};

const sendError = (exchange: Exchange, { status, body, headers }: ErrorAnswer): void => {
  const { response } = exchange.visit;
  exchange.ledger.status(exchange.entry, status);
  response.writeHead(status, {
    ...headers,
    ...commonHeaders(exchange),
    ...statedQuotas(exchange),
    "content-length": String(Buffer.byteLength(body)),
  });
  response.end(body);
};

/** As they stand right after the call was admitted or refused: an answer that takes a minute tells what was left before. */
const statedQuotas = ({ settings, quotas, vendor }: Exchange): Readonly<Record<string, string>> => {
  const { clock, headers, headerQuantum } = settings;
  return headers ? vendor.quotaHeaders(readQuotas(quotas, clock.now(), headerQuantum), clock.wallNow()) : {};
};

const commonHeaders = ({ settings, vendor, requestId, receivedAt }: Exchange): Readonly<Record<string, string>> =>
  vendor.replyHeaders(requestId, settings.clock.now() - receivedAt);
