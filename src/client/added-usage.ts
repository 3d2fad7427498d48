import { addKnownUsage } from "../call/add-usage.ts";
import type { Reply, Usage } from "../call/reply.ts";

/** A reply that also accounts for what an earlier answer to the same call has used. */
export const addedUsage = (reply: Reply, earlier: Usage | undefined): Reply => {
  const usage = addKnownUsage(earlier, reply.usage);
  return usage === undefined ? reply : { ...reply, usage };
};
