import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { wantsAscii, wantsColour } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { limitsPath } from "../run/limits-path.ts";
import { broken, type Check, ok, warning } from "./check.ts";

const oldest: readonly [number, number] = [20, 19];

/** Whether Node is new enough. */
export const nodeCheck = ({ nodeVersion }: Pick<Host, "nodeVersion">): Check => {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const isEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return isEnough
    ? ok("node", nodeVersion)
    : broken("node", `${nodeVersion} is too old`, `install Node ${oldest.join(".")} or newer: https://nodejs.org`);
};

/** What the terminal can show. */
export const terminalCheck = ({ stdout, environment, platform }: Host): Check => {
  const ascii = wantsAscii(false, platform, environment);
  const detail = [
    stdout.isTTY ? `a terminal of ${stdout.columns} columns` : "no terminal: plain lines",
    wantsColour(true, stdout.isTTY, environment) ? "colours" : "no colours",
    ascii ? "ASCII only" : "UTF-8",
  ].join(", ");
  if (!ascii) return ok("terminal", detail);
  return warning("terminal", detail, platform === "win32" ? "use Windows Terminal" : "export LANG=C.UTF-8");
};

/** Whether what is learned about limits can be kept for the next run. */
export const cacheCheck = async (host: Pick<Host, "environment" | "platform">): Promise<Check> => {
  const path = limitsPath(host);
  if (path === undefined) {
    return host.environment("SLUICE_CACHE") === "off"
      ? ok("cache", "off, as SLUICE_CACHE wants it")
      : warning(
          "cache",
          "there is no place for it: what is learned about limits is forgotten",
          "export HOME or XDG_CACHE_HOME",
        );
  }
  const folder = dirname(path);
  const trial = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(trial, "", { mode: 0o600, flag: "wx" });
    return ok("cache", folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return warning(
      "cache",
      `${folder} cannot be written: ${why}`,
      "make it writable, or export XDG_CACHE_HOME=/another/folder",
    );
  } finally {
    await rm(trial, { force: true }).catch(() => {});
  }
};
