import type { QuotaClient } from "../quota-client.ts";
import { bottleneck } from "./bottleneck.ts";
import { langchain } from "./langchain.ts";
import { pQueue } from "./p-queue.ts";
import { semaphore } from "./semaphore.ts";
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
  { name: "p-queue", client: pQueue },
  { name: "Bottleneck", client: bottleneck },
  { name: "LangChain", client: langchain },
  { name: "semaphore", client: semaphore(1) },
  { name: "semaphore x2", client: semaphore(2) },
];
