import type { Operation } from "../../call/call.ts";
import type { JsonObject } from "../../call/json.ts";
import { type EarlierOptions, earlierOptions, type EarlierRun } from "./earlier-input.ts";
import { openInput } from "../open-input.ts";
import { inputText } from "../source/input-files.ts";
import type { Rendered } from "../source/renderer.ts";

/** What a row asked. */
interface OriginalRequest {
  readonly operation: Operation;
  readonly body: JsonObject;
}

/** The request of a row, or why it cannot be told. */
export type RequestSearch =
  | { readonly found: true; readonly request: OriginalRequest }
  /** `unread`: the input is not there any more, or not as it was; `absent`: no row of it has the id. */
  | { readonly found: false; readonly why: "unread" | "absent"; readonly input: string };

/** Reads the request of a row from the input of its run again. */
export const originalRequest = async (run: EarlierRun, id: string): Promise<RequestSearch> => {
  const options = earlierOptions(run);
  if (typeof options === "string") return { found: false, why: "unread", input: "-" };
  const input = inputText(options.input);
  try {
    const request = await requestIn(options, searchFor(id));
    return request === undefined ? { found: false, why: "absent", input } : { found: true, request };
  } catch {
    return { found: false, why: "unread", input };
  }
};

/** Tells whether a row is the one that is looked for; of rows with the same request each has its number in its id. */
type Search = (row: Rendered) => boolean;

const searchFor = (id: string): Search => {
  const [, made, number] = /^(row-[\da-f]{12})-(\d+)$/u.exec(id) ?? [];
  let seen = 0;
  return (row) => {
    if (row.id === id) return true;
    if (row.explicitId || row.id !== made) return false;
    seen += 1;
    return seen === Number(number);
  };
};

const requestIn = async (options: EarlierOptions, search: Search): Promise<OriginalRequest | undefined> => {
  const source = await openInput(options, options.input);
  const enough = new AbortController();
  let request: OriginalRequest | undefined;
  try {
    await source.validate(enough.signal, (row) => {
      if (request !== undefined || !search(row)) return;
      request = { operation: row.operation, body: row.body };
      enough.abort();
    });
  } catch (error) {
    if (request === undefined) throw error;
  }
  return request;
};
