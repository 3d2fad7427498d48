import { parseModel } from "../client/target.ts";
import { knownVendor } from "../provider/known-vendor.ts";
import type { Operation } from "../call/call.ts";
import { wireFormat } from "../provider/wire-formats.ts";
import { askingAs } from "./resume/asked.ts";
import { RunError } from "./run-error.ts";
import type { SourceOptions } from "./source/source-options.ts";
import type { Vendor } from "../provider/vendor.ts";
import { longestFirst } from "./sending/longest-first.ts";
import type { SendOrder } from "./sending/send-order.ts";
import type { InputOptions } from "./run-options.ts";
import { openSource, type Encode, type Source } from "./source/source.ts";

/** Opens the input of a run, or the file where it was spooled. @throws InputError */
export const openInput = async (
  options: InputOptions,
  path: string | readonly string[],
  warn?: (message: string) => void,
): Promise<Source> => {
  const { input, inputFormat, encoding, inputErrors, limit, retryOf } = options;
  const source = await openSource({
    path,
    ...(warn === undefined ? {} : { warn }),
    ...(input === "-" ? { name: "stdin" } : {}),
    ...(options.fs === undefined ? {} : { fs: options.fs }),
    ...(inputFormat === undefined ? {} : { format: inputFormat }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(inputErrors === undefined ? {} : { inputErrors }),
    ...(limit === undefined ? {} : { limit }),
    ...requestOptions(options),
    ...(retryOf?.rows === "input" ? { identity: requestOptions(askingAs(options, retryOf.asked)) } : {}),
  });
  return orderOf(options) === "input" ? source : longestFirst(source);
};

/** How a row becomes a request. */
const requestOptions = (options: InputOptions): Omit<SourceOptions, "path" | "identity"> => {
  const { model, prompt, system, params, idColumn, stream, overrideModel, maxOutputTokens } = options;
  return {
    ...(options.encode === undefined ? conversationOf(options) : { encode: options.encode }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(system === undefined ? {} : { system }),
    ...(params === undefined ? {} : { params }),
    ...(maxOutputTokens === undefined ? {} : { bounded: boundedTo(maxOutputTokens, options) }),
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(stream === undefined ? {} : { stream }),
    ...(model === undefined ? {} : { model }),
    ...(overrideModel === undefined ? {} : { overrideModel }),
  };
};

/** Whoever pipes prompts through expects to see the first ones answered first. */
const orderOf = ({ input, output = "-", sendOrder }: InputOptions): SendOrder =>
  sendOrder ?? (input === "-" && output === "-" ? "input" : "longest-first");

/** How the run's provider is asked; the model's name itself is added when a row is sent. */
const conversationOf = (options: InputOptions): { readonly operation: Operation; readonly encode: Encode } => {
  const { model = "" } = options;
  const vendor = vendorOf(options);
  const operation = options.operation ?? vendor.conversation ?? "chat";
  const format = wireFormat(operation);
  if (format.encode === undefined)
    throw new RunError(`Cannot run: the operation "${operation}" answers no prompt; its rows must be whole requests`, {
      exitCode: 2,
    });
  const encode: Encode = (row) => format.encode?.(row, model, vendor) ?? {};
  const { maxOutputTokens } = options;
  // Where an encoder bounds the output in any case, nobody can tell afterwards whether the row has asked for that.
  if (maxOutputTokens === undefined || format.outputBound(encode({ prompt: "" })) === undefined)
    return { operation, encode };
  return { operation, encode: (row) => encode({ maxOutputTokens, ...row }) };
};

/** Bounds the output of what sets no bound itself. */
const boundedTo =
  (tokens: number, options: InputOptions): NonNullable<SourceOptions["bounded"]> =>
  (body, operation) => {
    const format = wireFormat(operation);
    if (format.outputBound(body) !== undefined) return body;
    return format.withOutputBound?.(body, tokens, vendorOf(options)) ?? body;
  };

const vendorOf = ({ dialect, provider, model = "" }: InputOptions): Vendor =>
  knownVendor(dialect ?? provider ?? parseModel(model).provider);
