import { describe, expect, it } from "vitest";
import { isAbout } from "./is-about.ts";

const sonnet = { id: "claude-sonnet-5", match: { or: [{ starts_with: "claude-sonnet-5" }, { equals: "sonnet" }] } };

describe("isAbout", () => {
  it.each([
    "claude-sonnet-5",
    "Claude-Sonnet-5",
    "sonnet",
    "claude-sonnet-5-20260514",
    "claude-sonnet-5-2026-05-14",
    "claude-sonnet-5-260514",
    "claude-sonnet-5-0514",
    "claude-sonnet-5-05-14",
    "claude-sonnet-5-05-2026",
    "claude-sonnet-5-2605",
    "claude-sonnet-5-001",
    "claude-sonnet-5@20260514",
    "claude-sonnet-5@001",
    "claude-sonnet-5@default",
    "claude-sonnet-5-latest",
  ])("takes %s for the model", (name) => {
    expect(isAbout(name, sonnet)).toBe(true);
  });

  it.each([
    "claude-sonnet-5-5",
    "claude-sonnet-5.5",
    "claude-sonnet-50",
    "claude-sonnet-5-mini",
    "claude-sonnet-5-16k",
    "claude-sonnet-5-8192",
    "claude-sonnet-5-405",
    "claude-sonnet-5-20261399",
    "claude-sonnet-5-20260514-fast",
    "claude-sonnet-5:free",
    "claude-sonnet",
    "",
  ])("does not take %s for the model", (name) => {
    expect(isAbout(name, sonnet)).toBe(false);
  });

  it("takes a name without a version for the one version that the table lists", () => {
    expect(isAbout("grok-4", { id: "grok-4-0709", match: { contains: "grok-4" } })).toBe(true);
    expect(isAbout("grok-4-0801", { id: "grok-4-0709", match: { equals: "grok-4-0709" } })).toBe(false);
  });

  it("reads names wherever the entry has them", () => {
    const match = { and: [{ ends_with: "Flash" }, { regex: "^(?!tts)" }] };
    expect(isAbout("flash-002", { id: "other", match })).toBe(true);
    expect(isAbout("tts", { id: "other", match })).toBe(false);
  });
});
