import { describe, expect, it } from "vitest";
import { lookWords } from "../display/look-words.ts";
import { styleOf } from "../display/style.ts";
import type { Setting } from "../config/setting.ts";
import { limitOrigins } from "./limit-origin.ts";
import { limitRows } from "./limit-rows.ts";
import { limitTable } from "./limit-table.ts";

const rows = limitRows(
  [
    { name: "maxConcurrent", value: 16, source: "learned", used: 0 },
    { name: "requestsPerMinute", value: 500, source: "configured", used: 100 },
    { name: "tokensPerMinute", value: 1000, source: "header", used: 900 },
    { name: "requestsPerDay", value: 10_000, source: "learned", used: 5 },
    { name: "tokensPerDay", source: "learned", used: 5 },
  ],
  { rates: { requestsPerDay: { limit: 10_000 } } },
);

describe("limits", () => {
  it("say who says so, and the one of which most is used binds", () => {
    expect(rows.map(({ name, source, binding }) => [name, source, binding])).toEqual([
      ["maxConcurrent", "auto", false],
      ["requestsPerMinute", "configured", false],
      ["tokensPerMinute", "header", true],
      ["requestsPerDay", "remembered", false],
    ]);
  });

  it("that every provider has are shown even when nobody knows them", () => {
    expect(limitRows([], {}).map(({ name, source }) => [name, source])).toEqual([
      ["maxConcurrent", "unknown"],
      ["requestsPerMinute", "unknown"],
      ["tokensPerMinute", "unknown"],
    ]);
  });

  it("bind by what the next call waits for", () => {
    const [first] = limitRows([{ name: "maxConcurrent", value: 2, source: "configured", used: 1, binding: true }], {});
    expect(first).toMatchObject({ source: "configured", binding: true });
  });

  it("are told with the place where they are set, the one for everything before those of each key", () => {
    const set = (path: string, value: number, line: number): Setting => ({
      path: path.split("."),
      value,
      text: String(value),
      origin: `sluice.config.yaml:${line}`,
    });
    const settings = [
      set("limits.rpm", 500, 2),
      set("providers.openai.limits.rpm", 400, 6),
      set("providers.openai.limits.tpm", 1000, 7),
    ];
    const of = limitOrigins(settings, ["openai"]);
    expect(of("requestsPerMinute", 400)).toEqual({ value: 400, origin: "sluice.config.yaml:6" });
    expect(of("requestsPerMinute", 800)).toEqual({ value: 500, origin: "sluice.config.yaml:2" });
    expect(of("tokensPerMinute", 2000)).toEqual({ value: 2000, origin: "sluice.config.yaml:7" });
  });

  it("stand in a table, in English or Chinese, with nothing beyond ASCII where that is not safe", () => {
    const english = styleOf({ columns: 100, colour: false, ascii: true, chinese: false });
    expect(limitTable(rows, 7_200_000, english, lookWords(false))).toEqual([
      "limit                 value    source                           used now    binding",
      "concurrency           16       auto                             0 (0%)",
      "requests per minute   500      --rpm 500                        100 (20%)",
      "tokens per minute     1,000    the provider's headers           900 (90%)   <-",
      "requests per day      10,000   from an earlier run, 2h 0m ago   5 (0%)",
    ]);
    const chinese = styleOf({ columns: 100, colour: false, ascii: false, chinese: true });
    expect(limitTable(rows, 7_200_000, chinese, lookWords(true))[3]).toBe(
      "每分钟 Token 数   1,000    服务商响应头                   900 (90%)   ←",
    );
  });
});
