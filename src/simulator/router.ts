import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { anthropicVendor } from "./anthropic/anthropic-vendor.ts";
import type { Vendor, Visit } from "./dialect.ts";
import type { House } from "./endpoint.ts";
import type { ErrorAnswer } from "./failure.ts";
import { geminiVendor } from "./gemini/gemini-vendor.ts";
import { keyRefusal } from "./key-refusal.ts";
import { ledgerJson } from "./ledger-json.ts";
import type { LedgerKeeper } from "./ledger.ts";
import { modelList } from "./model-list.ts";
import { azureVendor } from "./openai/azure-vendor.ts";
import { openaiVendor } from "./openai/openai-vendor.ts";
import { readBody } from "./read-body.ts";
import { routeOf } from "./routes.ts";

/** Sends each request where it belongs. */
export const router = (house: House) =>
  function route(request: IncomingMessage, response: ServerResponse): void {
    const [path = "", search = ""] = (request.url ?? "").split("?", 2);
    const method = request.method ?? "";
    const found = method === "POST" ? routeOf(path, search) : undefined;
    if (found !== undefined) {
      const { serve, ...place } = found;
      return readBody(request, house.settings.maxBodyBytes, (body) =>
        serve(house, { request, response, body, search, ...place }),
      );
    }
    if (method === "GET") return sendKnown(house, { request, response, path, search });
    stray(house, { request, response, path, search });
  };

interface Stroll extends Pick<Visit, "request" | "response" | "search"> {
  readonly path: string;
}

const sendKnown = (house: House, stroll: Stroll): void => {
  const { request, response, path, search } = stroll;
  const models = modelList(path, request.headers);
  if (models !== undefined) {
    const refused = keyRefusal(models.vendor, { request, search }, house.settings.apiKey, requestId);
    return sendJson(response, refused ?? models.answer);
  }
  if (path === "/healthz") return sendJson(response, health);
  if (path === "/ledger") return sendLedger(response, house.ledger);
  stray(house, stroll);
};

const stray = ({ ledger }: House, { request, response, path }: Stroll): void => {
  ledger.strayed();
  // Without a reader the body would stop the connection's next request.
  request.resume();
  const failure = { kind: "path", method: request.method ?? "", path } as const;
  sendJson(response, vendorAt(path, request).error(failure, requestId));
};

/** Whose words an unknown path is refused in. */
const vendorAt = (path: string, { headers }: IncomingMessage): Vendor => {
  if (path.startsWith("/v1beta/")) return geminiVendor;
  if (path.startsWith("/openai/")) return azureVendor;
  return headers["anthropic-version"] === undefined ? openaiVendor : anthropicVendor;
};

/** Of requests that are in no ledger. */
const requestId = "req_unbooked";

const json = { "content-type": "application/json" };

const health: ErrorAnswer = { status: 200, body: `{"status":"ok"}\n`, headers: json };

const sendJson = (response: ServerResponse, { status, body, headers }: ErrorAnswer): void => {
  response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) });
  response.end(body);
};

const sendLedger = (response: ServerResponse, ledger: LedgerKeeper): void => {
  response.writeHead(200, json);
  Readable.from(ledgerJson(ledger.snapshot())).pipe(response);
};
