import { createHash } from "node:crypto";

/** What the limits of a provider belong to. */
export interface Account {
  readonly baseURL: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
}

/** A name for an account from which nobody learns its key, its address or its model. */
export const accountHash = ({ baseURL, model, apiKey }: Account): string => {
  const key = apiKey === undefined ? "" : sha256(apiKey).slice(0, keyCharacters);
  return sha256(JSON.stringify([new URL(baseURL).origin, model, key])).slice(0, hashCharacters);
};

/** Enough to tell the keys of one machine apart. */
const keyCharacters = 12;
const hashCharacters = 32;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
