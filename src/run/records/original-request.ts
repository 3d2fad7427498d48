import { isAbsolute, join } from "node:path";
import type { Operation } from "../../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { openInput } from "../open-input.ts";
import type { InputOptions } from "../run-options.ts";
import type { Rendered } from "../source/renderer.ts";

/** What a row asked. */
export interface OriginalRequest {
  readonly operation: Operation;
  readonly body: JsonObject;
}

/** The request of a row, or why it cannot be told. */
export type RequestSearch =
  | { readonly found: true; readonly request: OriginalRequest }
  /** `unread`: the input is not there any more, or not as it was; `absent`: no row of it has the id. */
  | { readonly found: false; readonly why: "unread" | "absent"; readonly input: string; readonly detail?: string };

/** Reads the request of a row from the input again, as the manifest of its run says. */
export const originalRequest = async (manifest: JsonObject, id: string): Promise<RequestSearch> => {
  const inputs = inputsOf(manifest);
  const input = inputs.join(", ");
  if (inputs.length === 0 || inputs.includes("-")) return { found: false, why: "unread", input: "-" };
  const hash = manifest["prompt_hash"];
  // The first version of the file has no templates, only whether there were some.
  if (typeof hash === "string" && hash !== hashOfNone) return { found: false, why: "unread", input };
  const search = searchFor(id);
  try {
    for (const path of inputs) {
      const request = await requestIn(optionsOf(manifest, path), search);
      if (request !== undefined) return { found: true, request };
    }
  } catch (error) {
    return { found: false, why: "unread", input, detail: error instanceof Error ? error.message : String(error) };
  }
  return { found: false, why: "absent", input };
};

const hashOfNone = "95cb9b4f84ceff13";

const inputsOf = ({ inputs, input, cwd }: JsonObject): readonly string[] => {
  const named = Array.isArray(inputs) ? inputs : [input];
  const placed = (path: string): string =>
    path === "-" || isAbsolute(path) || typeof cwd !== "string" ? path : join(cwd, path);
  return named.filter((path) => typeof path === "string").map(placed);
};

const optionsOf = (manifest: JsonObject, input: string): InputOptions => {
  const { max_tokens: bound, override_model: overrides, operation } = manifest;
  const { maxOutputTokens: oldBound, ...params } = isJsonObject(manifest["params"]) ? manifest["params"] : {};
  const text = (value: JsonValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);
  const given = <Name extends string>(name: Name, value: string | undefined): { readonly [name in Name]?: string } =>
    (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: string };
  return {
    input,
    // The order of the file is that in which it is read.
    sendOrder: "input",
    ...given("model", text(manifest["model"])),
    ...given("prompt", text(manifest["prompt"])),
    ...given("system", text(manifest["system"])),
    ...given("idColumn", text(manifest["id_column"])),
    ...given("dialect", text(manifest["dialect"])),
    params,
    ...boundIn(bound ?? oldBound),
    ...(overrides === true ? { overrideModel: true } : {}),
    ...(typeof operation === "string" ? { operation: operation as Operation } : {}),
  };
};

/** The first version of the file had it among the parameters. */
const boundIn = (bound: JsonValue | undefined): Pick<InputOptions, "maxOutputTokens"> =>
  typeof bound === "number" ? { maxOutputTokens: bound } : {};

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

const requestIn = async (options: InputOptions, search: Search): Promise<OriginalRequest | undefined> => {
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
