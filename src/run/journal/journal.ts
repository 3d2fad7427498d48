import { closeSync, openSync, writeSync } from "node:fs";
import { isJsonObject } from "../../call/json.ts";
import { Bitmap } from "./bitmap.ts";
import { replaceFile } from "../files/durable-file.ts";
import { exists, repairRecords } from "../records/record-file.ts";
import { readLines, type Line } from "../source/lines.ts";
import type { RowIndex } from "../source/row-index.ts";
import type { TailKind } from "../records/torn-tail.ts";

/** Remembers which rows were sent, so that a run that dies can say which may have been paid for. */
export interface Journal {
  /** The request is about to leave. Not synced: a killed process loses nothing, a power loss only this remark. */
  readonly sent: (id: string, attempt: number) => void;
  /** The call ended, and its outcome needs no remark any more. */
  readonly ended: (id: string) => void;
  readonly close: () => void;
}

/**
 * Opens a journal for appending. Every remark is with the system when the call returns, so it precedes what follows.
 *
 * A remark that cannot be written is told to `onFailure`, once; nothing is written after it.
 */
export const openJournal = (path: string, onFailure: (error: unknown) => void): Journal => {
  const file = openSync(path, "a");
  let usable = true;
  const write = (remark: object): void => {
    if (!usable) return;
    try {
      writeSync(file, `${JSON.stringify(remark)}\n`);
    } catch (error) {
      usable = false;
      onFailure(error);
    }
  };
  return {
    sent: (id, attempt) => write({ sent: id, attempt }),
    ended: (id) => write({ ended: id }),
    close: () => {
      usable = false;
      closeSync(file);
    },
  };
};

/** The rows that were sent and of which nothing more is known; what is settled is dropped from the journal. */
export const readJournal = async (path: string, index: RowIndex, done: Bitmap): Promise<Bitmap> => {
  const unsettled = new Bitmap(index.rows);
  if (!(await exists(path))) return unsettled;
  await repairRecords(path, () => {}, journalKind);
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      const remark = parse(line);
      const row = remark && index.find(remark.id);
      if (row === undefined) continue;
      if (remark?.kind === "sent" && !done.has(row)) unsettled.add(row);
      else unsettled.delete(row);
    }
  }
  await replaceFile(path, settledLeftOut(path, index, unsettled));
  return unsettled;
};

const journalKind: TailKind = { head: /^\{"/u, firstBytes: '{"' };

async function* settledLeftOut(path: string, index: RowIndex, unsettled: Bitmap): AsyncGenerator<string> {
  for await (const lines of readLines(path)) {
    yield lines.map((line) => (isUnsettled(line, index, unsettled) ? `${line.text}\n` : "")).join("");
  }
}

/** A row that is not in the input now may be in the next one. */
const isUnsettled = (line: Line, index: RowIndex, unsettled: Bitmap): boolean => {
  const remark = parse(line);
  if (remark?.kind !== "sent") return false;
  const row = index.find(remark.id);
  return row === undefined || unsettled.has(row);
};

const parse = (line: Line): { readonly kind: "sent" | "ended"; readonly id: string } | undefined => {
  try {
    const value: unknown = JSON.parse(line.text);
    if (!isJsonObject(value)) return undefined;
    if (typeof value["sent"] === "string") return { kind: "sent", id: value["sent"] };
    return typeof value["ended"] === "string" ? { kind: "ended", id: value["ended"] } : undefined;
  } catch {
    return undefined;
  }
};
