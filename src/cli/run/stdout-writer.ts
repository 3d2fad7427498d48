import { systemCode, unwritable } from "../../run/run-error.ts";

/** The part of a stream that text is written to. */
export interface TextStream {
  write(text: string, done: (error?: Error | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Writes a text; resolves to whether somebody still reads. @throws RunError when it cannot be written for another reason */
export type TextWriter = (text: string) => Promise<boolean>;

/** A writer to a stream whose reader may leave, as `head` does. */
export const stdoutWriter = (stream: TextStream): TextWriter => {
  let open = true;
  // Writes report their own failures; without a listener the stream's would end the process.
  stream.on("error", () => {});
  return (text) =>
    new Promise((resolve, reject) => {
      if (!open) return resolve(false);
      stream.write(text, (error) => {
        if (error === undefined || error === null) return resolve(true);
        open = false;
        return leaving.has(systemCode(error))
          ? resolve(false)
          : reject(unwritable("stdout", error, "the output goes there"));
      });
    });
};

const leaving: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"]);
