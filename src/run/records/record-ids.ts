import { randomBytes } from "node:crypto";

/** Makes ids for the records of one run: no other run, and no other record of this one, has the same. */
export const recordIds = (wallNow: number): (() => string) => {
  const run = `${wallNow.toString(36)}${randomBytes(5).readUIntBE(0, 5).toString(36)}`;
  let count = 0;
  return () => `req_${run}${(count++).toString(36).padStart(5, "0")}`;
};
