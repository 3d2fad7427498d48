import type { Vendor, Visit } from "./dialect.ts";
import type { ErrorAnswer } from "./failure.ts";

/** Refuses a request that does not carry the account's key; without a key of its own the account takes any. */
export const keyRefusal = (
  vendor: Vendor,
  visit: Pick<Visit, "request" | "search">,
  apiKey: string | undefined,
  requestId: string,
): ErrorAnswer | undefined => {
  if (apiKey === undefined) return undefined;
  const key = vendor.key(visit);
  return key === apiKey ? undefined : vendor.error({ kind: "key", key }, requestId);
};

/** The key of an `authorization` header. */
export const bearerKey = ({ request }: Pick<Visit, "request">): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];

/** The key of a header of its own. */
export const headerKey = ({ request }: Pick<Visit, "request">, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
};
