import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ChatEndpoint } from "./chat-endpoint.ts";
import { type ErrorAnswer, pathError } from "./error-answers.ts";
import { keyRefusal } from "./key-refusal.ts";
import { ledgerJson } from "./ledger-json.ts";
import type { LedgerKeeper } from "./ledger.ts";
import { readBody } from "./read-body.ts";
import type { SimulatorSettings } from "./simulator-options.ts";

/** What the server consists of. */
export interface RouterParts {
  readonly settings: SimulatorSettings;
  readonly ledger: LedgerKeeper;
  readonly answerChat: ChatEndpoint;
}

/** Sends each request where it belongs. */
export const router = ({ settings, ledger, answerChat }: RouterParts) =>
  function route(request: IncomingMessage, response: ServerResponse): void {
    const [path = ""] = (request.url ?? "").split("?", 1);
    switch (`${request.method} ${path}`) {
      case "POST /v1/chat/completions":
        return readBody(request, settings.maxBodyBytes, (body) => answerChat(request, response, body));
      case "GET /v1/models":
        return sendJson(response, keyRefusal(request, settings.apiKey) ?? models);
      case "GET /healthz":
        return sendJson(response, health);
      case "GET /ledger":
        return sendLedger(response, ledger);
      default:
        ledger.strayed();
        // Without a reader the body would stop the connection's next request.
        request.resume();
        return sendJson(response, pathError(request.method ?? "", path));
    }
  };

const json = { "content-type": "application/json" };

const health: ErrorAnswer = { status: 200, body: `{"status":"ok"}\n`, headers: json };

const models: ErrorAnswer = {
  status: 200,
  body: JSON.stringify({
    object: "list",
    data: ["simulated", "simulated-mini"].map((id) => ({
      id,
      object: "model",
      created: 1_700_000_000,
      owned_by: "simulator",
    })),
  }),
  headers: json,
};

const sendJson = (response: ServerResponse, { status, body, headers }: ErrorAnswer): void => {
  response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) });
  response.end(body);
};

const sendLedger = (response: ServerResponse, ledger: LedgerKeeper): void => {
  response.writeHead(200, json);
  Readable.from(ledgerJson(ledger.snapshot())).pipe(response);
};
