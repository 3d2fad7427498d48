import type { IncomingMessage } from "node:http";
import { type ErrorAnswer, keyError } from "./error-answers.ts";

/** Refuses a request that does not carry the account's key; without a key of its own the account takes any. */
export const keyRefusal = (request: IncomingMessage, apiKey: string | undefined): ErrorAnswer | undefined => {
  if (apiKey === undefined) return undefined;
  const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return key === apiKey ? undefined : keyError(key);
};
