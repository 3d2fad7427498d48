import type { IncomingMessage, ServerResponse } from "node:http";
import { seededRng, type Rng } from "../time/rng.ts";
import { admit, type Account } from "./admission.ts";
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
import { quotaBucket } from "./quota-bucket.ts";
import { quotaWindow } from "./quota-window.ts";
import type { Quota } from "./quota.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { ScriptPlayer } from "./script-player.ts";
import type { SimulatorSettings } from "./simulator-options.ts";
import { streamScript } from "./stream-script.ts";

/** Answers one chat completion request, whose body has been read; undefined when it was too large. */
export type ChatEndpoint = (request: IncomingMessage, response: ServerResponse, body: string | undefined) => void;

/** The provider's side of `POST /v1/chat/completions`: key, request, quotas, then the answer or a fault. */
export const chatEndpoint = (settings: SimulatorSettings, ledger: LedgerKeeper, redirectTo: string): ChatEndpoint => {
  const { clock, seed, faults } = settings;
  const startedAt = clock.now();
  const account = accountOf(settings, startedAt);
  return function answerChat(request, response, body) {
    const now = clock.now();
    const parsed = body === undefined ? sizeError(settings.maxBodyBytes) : parseChatRequest(body);
    const asked = "status" in parsed ? undefined : parsed;
    const entry = ledger.receive(now - startedAt, asked, retryCount(request));
    const exchange: Exchange = { settings, ledger, response, entry, receivedAt: now, account };
    const unknownKey = keyRefusal(request, settings.apiKey);
    if (unknownKey !== undefined) return sendError(exchange, unknownKey);
    if ("status" in parsed) return sendError(exchange, parsed);
    const answers = composeAnswers(parsed, settings);
    const tokens =
      parsed.promptTokens + (parsed.maxTokens === undefined ? countTokens(answers) : parsed.maxTokens * parsed.choices);
    const refused = admit(account, { now, tokens, inFlight: ledger.inFlight });
    if (refused !== undefined) {
      ledger.refuse();
      return sendError(exchange, refusalError(refused, parsed.model));
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
}

const accountOf = (settings: SimulatorSettings, startAt: number): Account => {
  const { requestsPerMinute, tokensPerMinute, maxConcurrent, quota, burstMs } = settings;
  const make = (limit: number): Quota =>
    quota === "bucket" ? quotaBucket({ limit, burstMs, startAt }) : quotaWindow({ limit, startAt });
  return {
    ...(requestsPerMinute === undefined ? undefined : { requests: make(requestsPerMinute) }),
    ...(tokensPerMinute === undefined ? undefined : { tokens: make(tokensPerMinute) }),
    ...(maxConcurrent === undefined ? undefined : { maxConcurrent }),
  };
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
  const { settings, ledger, response, entry } = exchange;
  const { clock, slowMs } = settings;
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
    ledger.end();
  };
  const player = new ScriptPlayer(
    faultyScript(script, entry.fault, slowMs),
    response,
    {
      head: () => {
        ledger.status(entry, 200);
        return commonHeaders(exchange);
      },
      played: (frame) => {
        entry.completionTokens += frame.tokens;
        if (frame.completes) ledger.complete(entry);
      },
      ended: end,
    },
    settings,
  );
  const leave = (): void => {
    if (!open) return;
    player.stop();
    ledger.abandon(entry);
    end();
  };
  response.on("close", leave);
  response.on("error", leave);
  ledger.begin();
  player.play();
};

const sendError = (exchange: Exchange, { status, body, headers }: ErrorAnswer): void => {
  exchange.ledger.status(exchange.entry, status);
  exchange.response.writeHead(status, {
    ...headers,
    ...commonHeaders(exchange),
    "content-length": String(Buffer.byteLength(body)),
  });
  exchange.response.end(body);
};

const commonHeaders = ({ settings, account, entry, receivedAt }: Exchange): Record<string, string> => {
  const now = settings.clock.now();
  return {
    "x-request-id": `req_${settings.seed}_${entry.arrival}`,
    "openai-processing-ms": String(Math.round(now - receivedAt)),
    "openai-organization": "org-simulated",
    "openai-version": "2020-10-01",
    ...rateLimitHeaders(account, now),
  };
};
