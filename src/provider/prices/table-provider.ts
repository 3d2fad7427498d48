import { findVendor } from "../vendors.ts";

/** What the price table calls a provider; names that it shares with us, or that we do not know, stay as they are. */
export const tableProvider = (provider: string): string => {
  const name = findVendor(provider)?.name ?? provider.toLowerCase();
  return tableNames[name] ?? name;
};

/** Whether the provider's models run on machines of the user's, and are paid for with them. */
export const isSelfHosted = (provider: string): boolean => findVendor(provider)?.keyRequired === false;

const tableNames: Readonly<Record<string, string>> = {
  gemini: "google",
  vertex: "google",
  bedrock: "aws",
  moonshot: "moonshotai",
  zhipu: "zhipuai",
  xai: "x-ai",
};
