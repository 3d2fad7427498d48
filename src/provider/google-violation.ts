import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";

/** A quota that Google says was exceeded. */
export interface GoogleViolation {
  /** Such as `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
  readonly id: string;
  readonly limit: number | undefined;
}

/** The exceeded quota in the details of a Google error (`google.rpc.QuotaFailure`): of several, the one that lasts longest. */
export const googleViolation = (details: JsonValue | undefined): GoogleViolation | undefined => {
  let found: GoogleViolation | undefined;
  for (const { quotaId, quotaValue } of objects(details).flatMap((detail) => objects(detail["violations"]))) {
    if (typeof quotaId !== "string" || (found !== undefined && !isOfDay(quotaId))) continue;
    const limit = typeof quotaValue === "string" || typeof quotaValue === "number" ? Number(quotaValue) : undefined;
    found = { id: quotaId, limit };
  }
  return found;
};

/** Whether a quota's name says that it is counted by the day. */
export const isOfDay = (quotaId: string): boolean => quotaId.includes("PerDay");

const objects = (list: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(list) ? (list as readonly JsonValue[]).filter(isJsonObject) : [];
