import { parseModel } from "../client/target.ts";
import { knownVendor } from "../provider/known-vendor.ts";
import { encodeChat } from "../provider/openai/chat-codec.ts";
import type { Vendor } from "../provider/vendor.ts";
import { longestFirst } from "./longest-first.ts";
import type { RunOrder } from "./run-order.ts";
import type { RunFileOptions } from "./run-options.ts";
import { openSource, type Encode, type Source } from "./source/source.ts";

/** Opens the input of a run, or the file where it was spooled. @throws InputError */
export const openInput = async (options: RunFileOptions, path: string): Promise<Source> => {
  const { input, model, prompt, system, params, idColumn, limit, stream, overrideModel, maxOutputTokens } = options;
  const source = await openSource({
    path,
    name: input === "-" ? "stdin" : input,
    encode: options.encode ?? chatEncoder(options),
    ...(prompt === undefined ? {} : { prompt }),
    ...(system === undefined ? {} : { system }),
    ...(params === undefined ? {} : { params }),
    ...(maxOutputTokens === undefined ? {} : { outputBound: { [boundField(options)]: maxOutputTokens } }),
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(limit === undefined ? {} : { limit }),
    ...(stream === undefined ? {} : { stream }),
    ...(model === undefined ? {} : { model }),
    ...(overrideModel === undefined ? {} : { overrideModel }),
  });
  return orderOf(options) === "input" ? source : longestFirst(source);
};

/** Whoever pipes prompts through expects to see the first ones answered first. */
const orderOf = ({ input, output = "-", order }: RunFileOptions): RunOrder =>
  order ?? (input === "-" && output === "-" ? "input" : "longest-first");

/** The encoder of the provider that the run's model belongs to; the model's name itself is added when a row is sent. */
const chatEncoder = (options: RunFileOptions): Encode => {
  const { model = "" } = options;
  const vendor = vendorOf(options);
  return (row) => encodeChat(row, model, vendor);
};

const boundField = (options: RunFileOptions): string => vendorOf(options).outputBoundField ?? "max_tokens";

const vendorOf = ({ dialect, provider, model = "" }: RunFileOptions): Vendor =>
  knownVendor(dialect ?? provider ?? parseModel(model).provider);
