import type { ModelRef } from "../../call/call.ts";
import type { RequestAddress } from "../../call/context.ts";
import { vendorAt } from "../../provider/vendor-at.ts";
import type { Vendor } from "../../provider/vendor.ts";
import { findVendor } from "../../provider/vendors.ts";
import type { RecognizedRequest } from "./recognized-request.ts";
import type { SentRequest } from "./sent-request.ts";

/** Where an SDK's call goes, and against which quota it counts. */
export interface CallAddress {
  readonly address: RequestAddress;
  readonly model: ModelRef;
  readonly deployment: string;
}

/** One address with one key, as SDKs use them. */
export interface ForeignEndpoint {
  readonly id: string;
  readonly vendor: Vendor;
  readonly origin: string;
  /** Whether it is the vendor's own address. */
  readonly isOwn: boolean;
}

/** So many are told apart; the calls of any further one count with the first of their vendor. */
const maxEndpoints = 256;

/** The addresses and keys that SDKs have used: each has quotas of its own. */
export class AddressBook {
  readonly #byKey = new Map<string, ForeignEndpoint>();
  readonly #byId = new Map<string, ForeignEndpoint>();

  of(sent: SentRequest, { model, operation, isList }: RecognizedRequest): CallAddress {
    const { origin, path, query, headers } = sent;
    const secret = secretOf(headers, query);
    const { id, vendor } = this.#endpoint(origin, secret, spokenBy[operation]);
    return {
      address: {
        origin,
        path: path + (isList ? withEvents(query) : query),
        headers: sendable(headers),
        ...(secret === undefined ? {} : { secret }),
      },
      model: { provider: vendor.name, name: model },
      deployment: id,
    };
  }

  find(id: string): ForeignEndpoint | undefined {
    return this.#byId.get(id);
  }

  #endpoint(origin: string, secret: string | undefined, dialect: string | undefined): ForeignEndpoint {
    const key = `${origin} ${secret ?? ""}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const found = vendorAt(origin);
    const vendor = found.baseURL === "" && dialect !== undefined ? (findVendor(dialect) ?? found) : found;
    const first = this.#byId.get(`${vendor.name}@1`);
    if (first !== undefined && this.#byId.size >= maxEndpoints) return first;
    const endpoint = {
      id: this.#freeId(vendor.name),
      vendor,
      origin,
      isOwn: found === vendor && vendor.baseURL !== "",
    };
    this.#byKey.set(key, endpoint);
    this.#byId.set(endpoint.id, endpoint);
    return endpoint;
  }

  #freeId(name: string): string {
    let number = 1;
    while (this.#byId.has(`${name}@${number}`)) number += 1;
    return `${name}@${number}`;
  }
}

/** At an address that nobody knows, the format says whose quirks apply. */
const spokenBy: Readonly<Partial<Record<RecognizedRequest["operation"], string>>> = {
  messages: "anthropic",
  generate: "gemini",
};

/** The key; where another scheme than `Bearer` is spoken, whatever follows its name. */
const secretOf = (headers: SentRequest["headers"], query: string): string | undefined =>
  headers["authorization"]?.replace(/^[\w-]+\s+/, "") ??
  headers["x-api-key"] ??
  headers["api-key"] ??
  headers["x-goog-api-key"] ??
  new URLSearchParams(query).get("key") ??
  undefined;

/** Google answers a stream as one list where nobody asks for events; we read events. */
const withEvents = (query: string): string => {
  const parameters = new URLSearchParams(query);
  parameters.set("alt", "sse");
  return `?${parameters.toString()}`;
};

/** What the connection sets itself, and what would make the answer unreadable for us. */
const ours: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

const sendable = (headers: SentRequest["headers"]): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.has(name)));
