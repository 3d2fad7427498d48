import { parseModel } from "../client/target.ts";
import { customVendor } from "../provider/custom-vendor.ts";
import { encodeChat } from "../provider/openai/chat-codec.ts";
import { findVendor } from "../provider/vendors.ts";
import type { RunFileOptions } from "./run-options.ts";
import { openSource, type Encode, type Source } from "./source/source.ts";

/** Opens the input of a run, or the file where it was spooled. @throws InputError */
export const openInput = (options: RunFileOptions, path: string): Promise<Source> => {
  const { input, model, prompt, system, params, idColumn, limit, stream, overrideModel } = options;
  return openSource({
    path,
    name: input === "-" ? "stdin" : input,
    encode: options.encode ?? chatEncoder(options),
    ...(prompt === undefined ? {} : { prompt }),
    ...(system === undefined ? {} : { system }),
    ...(params === undefined ? {} : { params }),
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(limit === undefined ? {} : { limit }),
    ...(stream === undefined ? {} : { stream }),
    ...(model === undefined ? {} : { model }),
    ...(overrideModel === undefined ? {} : { overrideModel }),
  });
};

/** The encoder of the provider that the run's model belongs to; the model's name itself is added when a row is sent. */
const chatEncoder = ({ provider, model = "" }: RunFileOptions): Encode => {
  const vendor = findVendor(provider ?? parseModel(model).provider) ?? customVendor;
  return (row) => encodeChat(row, model, vendor);
};
