import { posix, win32 } from "node:path";
import type { Host } from "../host.ts";

type Where = Pick<Host, "environment" | "platform">;

/** Where a user's learned limits are kept; absent when there is no place for them, or `SLUICE_CACHE=off` wants none. */
export const limitsPath = (host: Where): string | undefined => cachePath(host, "limits.json");

/** Where the runs of this machine are listed; absent likewise. */
export const runsPath = (host: Where): string | undefined => cachePath(host, "runs.jsonl");

const cachePath = ({ environment, platform }: Where, name: string): string | undefined => {
  if (environment("SLUICE_CACHE") === "off") return undefined;
  const windows = platform === "win32";
  const paths = windows ? win32 : posix;
  const home = environment("HOME");
  const usual = windows ? environment("LOCALAPPDATA") : home && paths.join(home, ".cache");
  // A relative path is to be ignored: XDG Base Directory Specification, "Environment variables".
  const folder = [environment("XDG_CACHE_HOME"), usual].find((path) => path !== undefined && paths.isAbsolute(path));
  return folder === undefined ? undefined : paths.join(folder, "sluice", name);
};
