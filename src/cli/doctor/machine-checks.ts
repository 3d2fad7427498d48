import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { wantsAscii, wantsColour } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { limitsPath } from "../run/limits-path.ts";
import { broken, type Check, ok, warning } from "./check.ts";
import type { DoctorWords } from "./doctor-words.ts";

const oldest: readonly [number, number] = [20, 19];

/** Whether Node is new enough. */
export const nodeCheck = ({ nodeVersion }: Pick<Host, "nodeVersion">, words: DoctorWords): Check => {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const isEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return isEnough
    ? ok("node", nodeVersion)
    : broken("node", words.nodeTooOld(nodeVersion), words.nodeFix(oldest.join(".")));
};

/** What the terminal can show. */
export const terminalCheck = ({ stdout, environment, platform }: Host, words: DoctorWords): Check => {
  const ascii = wantsAscii(false, platform, environment);
  const columns = stdout.isTTY ? stdout.columns : undefined;
  const detail = words.terminal(columns, wantsColour(true, stdout.isTTY, environment), !ascii);
  return ascii ? warning("terminal", detail, words.terminalFix(platform === "win32")) : ok("terminal", detail);
};

/** Whether what is learned about limits can be kept for the next run. */
export const cacheCheck = async (host: Pick<Host, "environment" | "platform">, words: DoctorWords): Promise<Check> => {
  if (host.environment("SLUICE_CACHE") === "off") return ok("cache", words.cacheOff);
  const path = limitsPath(host);
  if (path === undefined) return warning("cache", words.cacheNowhere, words.cacheNowhereFix);
  const folder = dirname(path);
  const trial = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(trial, "", { mode: 0o600, flag: "wx" });
    return ok("cache", folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return warning("cache", words.cacheUnwritable(folder, why), words.cacheFix);
  } finally {
    await rm(trial, { force: true }).catch(() => {});
  }
};
