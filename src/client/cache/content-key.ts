import { hash } from "node:crypto";
import type { Call } from "../../call/call.ts";
import { canonicalJson } from "../../call/canonical-json.ts";
import type { Context } from "../../call/context.ts";
import type { JsonObject } from "../../call/json.ts";
import type { ContentKey } from "../../reuse/content-key.ts";
import type { BoundableCall } from "../automatic-bound.ts";

/**
 * Keys of calls by what is asked, of which model, and where. Whether the reply is streamed, on whose behalf and with which key it
 * is asked makes no difference.
 *
 * @param addressOf the base URL of a provider, for calls that bring no address of their own.
 */
export const contentKeys = (addressOf: (provider: string) => string): ContentKey => {
  // Two layers ask for the key of the same call, and some bodies are long.
  const known = new WeakMap<Call, string>();
  return (call, context) => {
    if (isPersonal(call.body)) return undefined;
    const found = known.get(call) ?? keyOf(call, context, addressOf);
    if (found !== undefined) known.set(call, found);
    return found;
  };
};

/** It asks about what only the provider remembers, or gets a receipt instead of an answer. */
const isPersonal = ({ background, conversation }: JsonObject): boolean =>
  background === true || (conversation !== undefined && conversation !== null);

const keyOf = (
  { operation, model, group, body, boundable }: BoundableCall,
  { address }: Context,
  addressOf: (provider: string) => string,
): string | undefined => {
  const { stream: _stream, stream_options: _options, ...asked } = body;
  const [path] = address?.path.split("?") ?? [];
  const at = address === undefined ? addressOf(model.provider) : `${address.origin}${path}`;
  const { provider, name } = model;
  try {
    return hash("sha256", canonicalJson({ operation, provider, name, group, at, boundable, asked }));
  } catch {
    // What is no JSON cannot be sent either; the call will say so.
    return undefined;
  }
};
