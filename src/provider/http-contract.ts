/** Response headers by lower-case name; values that came twice are joined with a comma. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** One request, ready to send. */
export interface HttpRequest {
  readonly method: "POST" | "GET";
  /** Scheme, host and port: `https://api.openai.com`. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where a response goes as it arrives. What it throws ends the exchange and is what `send` rejects with. */
export interface HttpSink {
  /** The connection stands, and the request begins to leave: from here on it may be paid for. */
  sending?(): void;
  head(status: number, headers: HttpHeaders): void;
  /** A returned promise holds the connection back until it resolves. */
  chunk(bytes: Buffer): void | Promise<void>;
  /** True once nothing more is needed: `send` resolves, and the rest of the body is read and dropped. */
  readonly finished: boolean;
}

/** Carries requests over HTTP/1.1. Follows no redirect and makes nothing twice. */
export interface Transport {
  /** Resolves when the body has ended. Rejects with the raw error, or with the signal's reason as soon as it aborts. */
  send(request: HttpRequest, signal: AbortSignal, sink: HttpSink): Promise<void>;
  /** Takes nothing more, lets what is in flight finish, and closes every connection. */
  close(): Promise<void>;
}
