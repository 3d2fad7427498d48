import { readFile } from "node:fs/promises";
import { UsageError } from "../usage-error.ts";

/** What a text flag means: the text itself, `@file` for a file's content, `@@…` for text that begins with an at sign. @throws UsageError */
export const textArgument = async (argument: string, flag: string): Promise<string> => {
  if (argument.startsWith("@@")) return argument.slice(1);
  if (!argument.startsWith("@")) return argument;
  const path = argument.slice(1);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    // The newline that editors put at the end is not part of what was written.
    return text.replace(/\r?\n$/, "");
  } catch (cause) {
    const why =
      cause instanceof TypeError ? "it is not UTF-8 text" : cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${flag} ${argument}: cannot read ${path}`, [
      why,
      `text that begins with @ is written ${flag} '@@…'`,
    ]);
  }
};
