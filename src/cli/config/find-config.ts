import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, parse, posix, relative, resolve, win32 } from "node:path";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import type { ConfigSource } from "./config-source.ts";
import { lineMap } from "./line-map.ts";
import { loadContent } from "./load-content.ts";

/** The files that a configuration is made of, the one that counts least first. @throws UsageError */
export const findConfigs = async (
  named: string | undefined,
  host: Pick<Host, "environment" | "folder" | "platform">,
): Promise<readonly ConfigSource[]> => {
  const user = userConfig(host);
  const nearest = named === undefined ? await nearestConfig(host.folder) : existing(named, host.folder);
  const paths = [user !== undefined && existsSync(user) ? user : undefined, nearest];
  return Promise.all(paths.filter((path) => path !== undefined).map((path) => sourceOf(path, host)));
};

/** The folder of the repository that a folder is in; absent outside of any. */
export const repositoryOf = (folder: string): string | undefined => {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, ".git"))) return current;
    if (current === dirname(current)) return undefined;
  }
};

/** Where a user's own configuration is. */
const userConfig = ({ environment, platform }: Pick<Host, "environment" | "platform">): string | undefined => {
  const windows = platform === "win32";
  const paths = windows ? win32 : posix;
  const home = environment("HOME");
  const usual = windows ? environment("APPDATA") : home && paths.join(home, ".config");
  // A relative path is to be ignored: XDG Base Directory Specification, "Environment variables".
  const folder = [environment("XDG_CONFIG_HOME"), usual].find((path) => path !== undefined && paths.isAbsolute(path));
  return folder === undefined ? undefined : paths.join(folder, "sluice", "config.yaml");
};

const existing = (name: string, folder: string): string => {
  const path = resolve(folder, name);
  if (!existsSync(path)) throw new UsageError(`--config ${name}: there is no such file`);
  return path;
};

const endings: readonly string[] = ["ts", "mts", "js", "mjs", "json", "yaml", "yml"];

/** In the folder, or in those above it up to the repository's. */
const nearestConfig = async (folder: string): Promise<string | undefined> => {
  const { lilconfig } = await import("lilconfig");
  const names = endings.map((ending) => `.${ending}`);
  // What was found is loaded afterwards, with a message that names it; only package.json must be looked into.
  const loaders = Object.fromEntries(names.map((name) => [name, lookedInto]));
  const searchPlaces = [...names.map((name) => `sluice.config${name}`), "package.json"];
  const stopDir = repositoryOf(folder) ?? parse(resolve(folder)).root;
  const found = await lilconfig("sluice", { searchPlaces, stopDir, loaders, packageProp: "sluice" }).search(folder);
  return found?.filepath;
};

const lookedInto = (path: string, text: string): unknown => {
  if (!isPackage(path)) return {};
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // Somebody else's file: whoever needs it will say so.
    return {};
  }
};

const isPackage = (path: string): boolean => basename(path) === "package.json";

const sourceOf = async (path: string, host: Pick<Host, "folder" | "environment">): Promise<ConfigSource> => {
  const name = shownPath(path, host);
  const text = await readText(path, name);
  const content = (await loadContent(path, text, name)) ?? {};
  const above = isPackage(path) ? ["sluice"] : [];
  const line = /\.(?:json|ya?ml)$/.test(path) ? await lineMap(text) : undefined;
  return {
    name,
    folder: dirname(path),
    content: isPackage(path) ? (content as Readonly<Record<string, unknown>>)["sluice"] : content,
    originOf: (place) => {
      const number = line?.([...above, ...place]);
      return number === undefined ? name : `${name}:${number}`;
    },
    contains: (words) => text.includes(words),
  };
};

const readText = async (path: string, name: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`${name}: cannot read it`, [error instanceof Error ? error.message : String(error)]);
  }
};

/** Short, as one would type it. */
const shownPath = (path: string, { folder, environment }: Pick<Host, "folder" | "environment">): string => {
  const home = environment("HOME");
  const fromHome = home !== undefined && path.startsWith(`${home}/`) ? [`~${path.slice(home.length)}`] : [];
  const ways = [relative(folder, path), ...fromHome, path];
  return ways.reduce((shortest, way) => (way.length < shortest.length ? way : shortest));
};
