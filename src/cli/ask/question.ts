import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";

/** What is asked: the words of the command line, what comes from stdin, or both with a blank line between. @throws UsageError when there is neither */
export const questionOf = async (words: readonly string[], stdin: Host["stdin"]): Promise<string> => {
  const typed = words.join(" ");
  const piped = stdin.isTTY ? "" : await readAll(stdin);
  const question = [typed, piped].filter((text) => text.trim() !== "").join("\n\n");
  if (question !== "") return question;
  throw new UsageError("nothing was asked", [
    "fix        sluice ask 'Name three rivers'",
    "or         cat notes.txt | sluice ask 'What is this about?'",
  ]);
};

const readAll = async (stdin: Host["stdin"]): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    // The newline that editors and echo put at the end is not part of what was written.
    return text.replace(/\r?\n$/, "");
  } catch {
    throw new UsageError("what comes from stdin is not UTF-8 text", [
      "fix        iconv -f GB18030 -t UTF-8 file.txt | sluice ask",
    ]);
  }
};
