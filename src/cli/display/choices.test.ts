import { describe, expect, it } from "vitest";
import { type ModeQuestion, progressMode } from "./progress-mode.ts";
import { wantsAscii, wantsChinese, wantsColour } from "./terminal-style.ts";

const environment =
  (variables: Readonly<Record<string, string>> = {}) =>
  (name: string): string | undefined =>
    variables[name];

describe("the display", () => {
  const mode = (changes: Partial<ModeQuestion>): string =>
    progressMode({
      json: false,
      toStdout: false,
      stderrIsTerminal: true,
      stdoutIsTerminal: true,
      environment: environment(),
      ...changes,
    });

  it("is drawn where a terminal shows it, and plain elsewhere", () => {
    expect(mode({})).toBe("tty");
    expect(mode({ stderrIsTerminal: false })).toBe("plain");
    expect(mode({ environment: environment({ TERM: "dumb" }) })).toBe("plain");
    expect(mode({ environment: environment({ CI: "true" }) })).toBe("plain");
    expect(mode({ toStdout: true, stdoutIsTerminal: false })).toBe("plain");
    expect(mode({ toStdout: true })).toBe("tty");
  });

  it("is what was asked for", () => {
    expect(mode({ progress: "none" })).toBe("none");
    expect(mode({ progress: "tty", stderrIsTerminal: false })).toBe("tty");
    expect(mode({ json: true })).toBe("json");
  });

  it("refuses what cannot be", () => {
    expect(() => mode({ progress: "loud" })).toThrow("--progress must be one of auto, tty, plain, json, none");
    expect(() => mode({ json: true, toStdout: true })).toThrow("both want stdout");
    expect(() => mode({ json: true, progress: "tty" })).toThrow("--progress tty was given too");
  });
});

describe("colour", () => {
  it("needs a terminal, unless it is forced", () => {
    expect(wantsColour(true, true, environment())).toBe(true);
    expect(wantsColour(true, false, environment())).toBe(false);
    expect(wantsColour(true, false, environment({ FORCE_COLOR: "1" }))).toBe(true);
  });

  it("is off when anybody says so", () => {
    expect(wantsColour(false, true, environment({ FORCE_COLOR: "1" }))).toBe(false);
    expect(wantsColour(true, true, environment({ NO_COLOR: "1" }))).toBe(false);
    expect(wantsColour(true, true, environment({ FORCE_COLOR: "0" }))).toBe(false);
    expect(wantsColour(true, true, environment({ TERM: "dumb" }))).toBe(false);
  });
});

describe("signs and language", () => {
  it("go by the locale", () => {
    expect(wantsAscii(false, "linux", environment({ LANG: "C.UTF-8" }))).toBe(false);
    expect(wantsAscii(false, "linux", environment({ LANG: "C.UTF-8", LC_ALL: "C" }))).toBe(true);
    expect(wantsAscii(false, "linux", environment())).toBe(true);
    expect(wantsAscii(true, "linux", environment({ LANG: "C.UTF-8" }))).toBe(true);
    expect(wantsChinese(environment({ LANG: "zh_CN.UTF-8" }))).toBe(true);
    expect(wantsChinese(environment({ LANG: "zh_CN.GBK" }))).toBe(false);
    expect(wantsChinese(environment({ LANG: "en_US.UTF-8" }))).toBe(false);
    expect(wantsChinese(environment({ LANG: "zh_CN.UTF-8", LC_ALL: "en_US.UTF-8" }))).toBe(false);
  });
});
