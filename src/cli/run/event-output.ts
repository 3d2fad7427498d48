import { systemCode } from "../../run/run-error.ts";

/** Where events for programs go. */
export interface EventOutput {
  readonly write: (line: string) => void;
  /** Settles when all that can be written has been written. */
  readonly flush: () => Promise<void>;
}

/** The part of a writable stream that events need. */
export interface EventStream {
  write(text: string, done: (error?: Error | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Writes events as long as somebody reads them; a reader that leaves is no fault, everything else is told once. */
export const eventOutput = (stream: EventStream, onFault: (error: Error) => void): EventOutput => {
  let open = true;
  const settle = (error?: Error | null): void => {
    if (!open || error === undefined || error === null) return;
    open = false;
    if (!readerLeft.has(systemCode(error))) onFault(error);
  };
  stream.on("error", settle);
  return {
    write: (line) => {
      if (open) stream.write(line, settle);
    },
    flush: async () => {
      if (!open) return;
      await new Promise<void>((resolve) => {
        stream.write("", (error) => {
          settle(error);
          resolve();
        });
      });
    },
  };
};

const readerLeft: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"]);
