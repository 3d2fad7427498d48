import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../time/clock.ts";
import { seededRng, type Rng } from "../time/rng.ts";
import { type Account, accountQuotas, type AccountQuota, openAccount } from "./account.ts";
import { admit } from "./admission.ts";
import { type Answer, composeAnswer } from "./answer.ts";
import { type ChatRequest, parseChatRequest } from "./chat-request.ts";
import { completionScript, countTokens } from "./completion-script.ts";
import { keyRefusal } from "./key-refusal.ts";
import { type ErrorAnswer, refusalError, sizeError } from "./error-answers.ts";
import { faultAnswer } from "./fault-answers.ts";
import { faultAt } from "./fault-kind.ts";
import { faultyScript } from "./faulty-script.ts";
import { drawLatency } from "./latency.ts";
import type { LedgerKeeper, OpenEntry } from "./ledger.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { readQuotas } from "./read-quotas.ts";
import { SaturatingClock } from "./saturating-clock.ts";
import type { Frame } from "./script.ts";
import { ScriptPlayer } from "./script-player.ts";
import type { SimulatorSettings } from "./simulator-options.ts";
import { streamScript } from "./stream-script.ts";

/** Answers one chat completion request, whose body has been read; undefined when it was too large. */
export type ChatEndpoint = (request: IncomingMessage, response: ServerResponse, body: string | undefined) => void;

/** The provider's side of `POST /v1/chat/completions`: key, request, quotas, then the answer or a fault. */
export const chatEndpoint = (settings: SimulatorSettings, ledger: LedgerKeeper, redirectTo: string): ChatEndpoint => {
  const { clock, seed, faults, hints } = settings;
  const startedAt = clock.now();
  const account = openAccount(settings, startedAt);
  const house = { settings, ledger, account, quotas: accountQuotas(account), service: serviceClock(settings) };
  return function answerChat(request, response, body) {
    const now = clock.now();
    const parsed = body === undefined ? sizeError(settings.maxBodyBytes) : parseChatRequest(body);
    const asked = "status" in parsed ? undefined : parsed;
    const entry = ledger.receive(now - startedAt, asked, retryCount(request));
    const exchange: Exchange = { ...house, response, entry, receivedAt: now };
    const unknownKey = keyRefusal(request, settings.apiKey);
    if (unknownKey !== undefined) return sendError(exchange, unknownKey);
    if ("status" in parsed) return sendError(exchange, parsed);
    const answers = composeAnswers(parsed, settings);
    const tokens = parsed.promptTokens + tokensAhead(parsed, answers, settings);
    const refused = admit(account, { now, tokens, inputTokens: parsed.promptTokens, inFlight: ledger.inFlight });
    if (refused !== undefined) {
      ledger.refuse();
      return sendError(exchange, refusalError(refused, parsed.model, hints));
    }
    const rng = seededRng(Math.imul(seed, 0x9e3779b1) ^ Math.imul(entry.arrival, 0x85ebca6b));
    const fault = faultAt(faults, rng());
    if (fault !== undefined) ledger.fault(entry, fault);
    const error = faultAnswer(fault, { model: parsed.model, redirectTo });
    if (error !== undefined) return sendError(exchange, error);
    deliver(exchange, parsed, answers, rng);
  };
};

interface Exchange {
  readonly settings: SimulatorSettings;
  readonly ledger: LedgerKeeper;
  readonly response: ServerResponse;
  readonly entry: OpenEntry;
  readonly receivedAt: number;
  readonly account: Account;
  readonly quotas: readonly AccountQuota[];
  /** The time of calls that are being served. */
  readonly service: Clock | SaturatingClock;
}

const serviceClock = ({ clock, kneeConcurrent }: SimulatorSettings): Clock | SaturatingClock =>
  kneeConcurrent === undefined ? clock : new SaturatingClock(clock, kneeConcurrent);

/** What the answer is charged with at admission: its bound, or its own length where nothing bounds it. */
const tokensAhead = (request: ChatRequest, answers: readonly Answer[], { tokenCharge }: SimulatorSettings): number => {
  if (tokenCharge === "actual") return 0;
  return request.maxTokens === undefined ? countTokens(answers) : request.maxTokens * request.choices;
};

const retryCount = (request: IncomingMessage): number | undefined => {
  const count = request.headers["x-stainless-retry-count"];
  return count === undefined ? undefined : Number(count);
};

const composeAnswers = (request: ChatRequest, { seed, outputTokens }: SimulatorSettings): readonly Answer[] => {
  const start = Number.parseInt(request.digest.slice(0, 8), 16) ^ Math.imul(seed, 0x9e3779b1);
  return Array.from({ length: request.choices }, (_, index) =>
    composeAnswer({ ...request, outputTokens }, seededRng(start + index)),
  );
};

const deliver = (exchange: Exchange, request: ChatRequest, answers: readonly Answer[], rng: Rng): void => {
  const { settings, ledger, response, entry, service: clock } = exchange;
  const { dripMs, stallMs, slowMs } = settings;
  const quotaHeaders = statedQuotas(exchange);
  const completion = {
    id: `chatcmpl-${settings.seed}-${entry.arrival}`,
    created: Math.floor(clock.wallNow() / 1000),
    latency: drawLatency(settings, rng),
    request,
    answers,
  };
  const script = request.streamed ? streamScript(completion) : completionScript(completion);
  let open = true;
  const end = (): void => {
    open = false;
    leaveService(exchange);
  };
  const player = new ScriptPlayer(
    faultyScript(script, entry.fault, slowMs),
    response,
    {
      head: () => {
        ledger.status(entry, 200);
        return { ...commonHeaders(exchange), ...quotaHeaders };
      },
      played: (frame) => produce(exchange, frame),
      ended: end,
    },
    { clock, dripMs, ...(stallMs === undefined ? {} : { stallMs }) },
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
  exchange.ledger.status(exchange.entry, status);
  exchange.response.writeHead(status, {
    ...headers,
    ...commonHeaders(exchange),
    ...statedQuotas(exchange),
    "content-length": String(Buffer.byteLength(body)),
  });
  exchange.response.end(body);
};

/** As they stand right after the call was admitted or refused: an answer that takes a minute tells what was left before. */
const statedQuotas = ({ settings: { clock, headers, headerQuantum }, quotas }: Exchange): Record<string, string> =>
  headers ? rateLimitHeaders(readQuotas(quotas, clock.now(), headerQuantum)) : {};

const commonHeaders = ({ settings, entry, receivedAt }: Exchange): Record<string, string> => ({
  "x-request-id": `req_${settings.seed}_${entry.arrival}`,
  "openai-processing-ms": String(Math.round(settings.clock.now() - receivedAt)),
  "openai-organization": "org-simulated",
  "openai-version": "2020-10-01",
});
