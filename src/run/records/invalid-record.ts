import type { InvalidRow } from "../source/read-rows.ts";
import type { RecordContext } from "./record-meta.ts";

/** The line for a row that was never sent, because it is none: where it stands, what is wrong with it, and how it begins. */
export const invalidRecord = (
  row: InvalidRow,
  { nextId, strict }: RecordContext,
  where: "apart" | "inline",
): string => {
  const { index, line, id, file, reason } = row;
  const meta = {
    index,
    file,
    line,
    attempts: 0,
    error_code: "invalid_request",
    error_message: invalidMessage(row),
    retryable: false,
    input: Buffer.from(row.raw.subarray(0, shownBytes)).toString("utf8"),
  };
  const record = {
    id: nextId(),
    custom_id: id,
    response: null,
    error: { code: "invalid_request", message: invalidMessage({ file, line, reason }) },
    meta: strict && where === "inline" ? undefined : meta,
  };
  return `${JSON.stringify(record)}\n`;
};

/** What is wrong with a row, and where it stands. */
export const invalidMessage = ({ file, line, reason }: Pick<InvalidRow, "file" | "line" | "reason">): string =>
  `${file} line ${line.toLocaleString("en")}: ${reason}`;

const shownBytes = 200;
