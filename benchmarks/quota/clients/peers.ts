import type { PeerClient } from "../quota-client.ts";
import { bottleneck } from "./bottleneck.ts";
import { langchain } from "./langchain.ts";
import { pQueue } from "./p-queue.ts";
import { semaphore } from "./semaphore.ts";

/** What others offer, under the names that the tables use. */
export const peers: readonly { readonly name: string; readonly client: PeerClient }[] = [
  { name: "p-queue", client: pQueue },
  { name: "Bottleneck", client: bottleneck },
  { name: "LangChain", client: langchain },
  { name: "semaphore", client: semaphore(1) },
  { name: "semaphore x2", client: semaphore(2) },
];
