type FetchInput = Parameters<typeof globalThis.fetch>[0];
type FetchInit = Parameters<typeof globalThis.fetch>[1];

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
  /** The body; empty when it is none, no text, or not wanted. */
  readonly text: string;
  readonly signal: AbortSignal | undefined;
  /** What to hand to `fetch` in place of the options that were handed to us, of which a body may have been read. */
  readonly init: FetchInit;
}

/** Reads what was handed to `fetch`; a `Request` is not used up. The body is read only where it `isWanted`: it may be a huge file. */
export const sentRequest = async (
  input: FetchInput,
  init: FetchInit,
  isWanted: (method: string, path: string) => boolean,
): Promise<SentRequest> => {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  const method = (init?.method ?? request?.method ?? "GET").toUpperCase();
  const read = isWanted(method, url.pathname) ? await bodyOf(request, init) : { text: "", init };
  return {
    ...read,
    method,
    origin: url.origin,
    path: url.pathname,
    query: url.search,
    headers: Object.fromEntries(new Headers(init?.headers ?? request?.headers)),
    signal: init?.signal ?? request?.signal ?? undefined,
  };
};

const bodyOf = async (request: Request | undefined, init: FetchInit): Promise<Pick<SentRequest, "text" | "init">> => {
  const { body } = init ?? {};
  if (body === undefined || body === null) return { text: await textOf(request), init };
  if (typeof body === "string") return { text: body, init };
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { text: new TextDecoder().decode(body), init };
  if (body instanceof Blob) return { text: await body.text(), init };
  if (!isIterable(body)) return { text: "", init };
  const [ours, theirs] = (body instanceof ReadableStream ? body : ReadableStream.from(body)).tee();
  return { text: await new Response(ours).text(), init: { ...init, body: theirs } };
};

const textOf = async (request: Request | undefined): Promise<string> =>
  request === undefined || request.body === null ? "" : request.clone().text();

const isIterable = (body: object): body is AsyncIterable<Uint8Array<ArrayBuffer>> => Symbol.asyncIterator in body;
