import type { QuotaClient } from "../quota-client.ts";
import { peers } from "./peers.ts";
import { sluice } from "./sluice.ts";

/** A column of the table. */
export interface ClientEntry {
  readonly name: string;
  readonly client: QuotaClient;
  /** Whether the server's answers say what is left. @default true */
  readonly headers?: boolean;
}

export const allClients: readonly ClientEntry[] = [
  { name: "sluice", client: sluice(true) },
  { name: "sluice, headers only", client: sluice(false) },
  { name: "sluice, neither", client: sluice(false), headers: false },
  ...peers,
];
