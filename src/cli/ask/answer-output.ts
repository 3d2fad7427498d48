import { printableStream } from "../display/printable-stream.ts";
import { stdoutWriter, type TextStream } from "../run/stdout-writer.ts";

/** The part of a stream that an answer is written to. */
export interface AnswerStream extends TextStream {
  readonly isTTY?: boolean;
}

/** Where an answer goes as it arrives. */
export interface AnswerOutput {
  /** Whether whoever read it has left. */
  readonly readerLeft: boolean;
  /** Resolves when it is taken. @throws RunError when it cannot be written; not when its reader has left */
  write(text: string): Promise<void>;
  /** Ends what was begun with a newline. */
  end(): Promise<void>;
}

/** Writes an answer: to a terminal without what could steer it, into a pipe or file as it is. */
export const answerOutput = (stream: AnswerStream): AnswerOutput => {
  const filter = stream.isTTY === true ? printableStream() : undefined;
  const put = stdoutWriter(stream);
  let readerLeft = false;
  let last = "";
  return {
    get readerLeft() {
      return readerLeft;
    },
    write: async (text) => {
      const shown = filter === undefined ? text : filter.push(text);
      if (shown === "" || readerLeft) return;
      last = shown.slice(-1);
      readerLeft = !(await put(shown));
    },
    end: async () => {
      if (last === "" || last === "\n" || readerLeft) return;
      last = "\n";
      readerLeft = !(await put("\n"));
    },
  };
};
