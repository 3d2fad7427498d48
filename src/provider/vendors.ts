import type { Vendor } from "./vendor.ts";
import { anthropicVendors } from "./vendors/anthropic.ts";
import { arkVendors } from "./vendors/ark.ts";
import { dashscopeVendors } from "./vendors/dashscope.ts";
import { geminiVendors } from "./vendors/gemini.ts";
import { hostedVendors } from "./vendors/hosted.ts";
import { minimaxVendors } from "./vendors/minimax.ts";
import { moonshotVendors } from "./vendors/moonshot.ts";
import { openaiVendors } from "./vendors/openai.ts";
import { selfHostedVendors } from "./vendors/self-hosted.ts";
import { siliconflowVendors } from "./vendors/siliconflow.ts";
import { zhipuVendors } from "./vendors/zhipu.ts";

/** The provider of that name or alias. */
export const findVendor = (name: string): Vendor | undefined => byName.get(name.toLowerCase());

const vendors: readonly Vendor[] = [
  ...openaiVendors,
  ...anthropicVendors,
  ...geminiVendors,
  ...hostedVendors,
  ...dashscopeVendors,
  ...moonshotVendors,
  ...zhipuVendors,
  ...arkVendors,
  ...siliconflowVendors,
  ...minimaxVendors,
  ...selfHostedVendors,
];

/** The names that `findVendor` knows, without the aliases. */
export const vendorNames: readonly string[] = vendors.map((vendor) => vendor.name);

const byName: ReadonlyMap<string, Vendor> = new Map(
  vendors.flatMap((vendor) => [vendor.name, ...(vendor.aliases ?? [])].map((name) => [name, vendor] as const)),
);
