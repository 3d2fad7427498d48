import { describe, expect, it } from "vitest";
import { limitsPath } from "./limits-path.ts";

const path = (platform: string, variables: Readonly<Record<string, string>>): string | undefined =>
  limitsPath({ platform, environment: (name) => variables[name] });

describe("the place of the learned limits", () => {
  it("is the user's cache folder", () => {
    expect(path("linux", { HOME: "/home/a" })).toBe("/home/a/.cache/sluice/limits.json");
    expect(path("darwin", { HOME: "/Users/a", XDG_CACHE_HOME: "/fast" })).toBe("/fast/sluice/limits.json");
    expect(path("win32", { LOCALAPPDATA: String.raw`C:\Users\a\AppData\Local` })).toBe(
      String.raw`C:\Users\a\AppData\Local\sluice\limits.json`,
    );
  });

  it("is never beside the input: a relative folder is none", () => {
    expect(path("linux", { HOME: "/home/a", XDG_CACHE_HOME: "cache" })).toBe("/home/a/.cache/sluice/limits.json");
    expect(path("linux", { HOME: "." })).toBeUndefined();
  });

  it("is nowhere when there is no home, or SLUICE_CACHE is off", () => {
    expect(path("linux", {})).toBeUndefined();
    expect(path("win32", { HOME: "/home/a" })).toBeUndefined();
    expect(path("linux", { HOME: "/home/a", SLUICE_CACHE: "off" })).toBeUndefined();
  });
});
