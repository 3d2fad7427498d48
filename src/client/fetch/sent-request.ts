/** A request as some client hands it to `fetch`. */
export interface SentRequest {
  readonly method: string;
  readonly origin: string;
  /** Without the query. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; empty when it is none, or no text. */
  readonly text: string;
  readonly signal: AbortSignal | undefined;
}

/** Reads what was handed to `fetch`; a `Request` is not used up. */
export const sentRequest = async (
  input: Parameters<typeof globalThis.fetch>[0],
  init: Parameters<typeof globalThis.fetch>[1] = {},
): Promise<SentRequest> => {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init.headers ?? request?.headers);
  return {
    method: (init.method ?? request?.method ?? "GET").toUpperCase(),
    origin: url.origin,
    path: url.pathname,
    query: url.search,
    headers: Object.fromEntries(headers),
    text: init.body === undefined || init.body === null ? await textOf(request) : textOfBody(init.body),
    signal: init.signal ?? request?.signal ?? undefined,
  };
};

const textOf = async (request: Request | undefined): Promise<string> =>
  request === undefined || request.body === null ? "" : request.clone().text();

const textOfBody = (body: unknown): string => {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) return new TextDecoder().decode(body);
  return "";
};
