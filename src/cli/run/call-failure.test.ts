import { describe, expect, it } from "vitest";
import { CallError, type CallErrorCode } from "../../call/call-error.ts";
import { CallFailure } from "./call-failure.ts";

const target = {
  dialect: "openai",
  provider: "openai",
  keyMask: "sk-…a1f3",
  keySource: "OPENAI_API_KEY",
  account: "x",
};
const failure = (code: CallErrorCode, details = {}): CallFailure =>
  new CallFailure(new CallError(code, "openai answered so", details), { target, model: "openai/m" });

describe("the failure of a call", () => {
  it("says code, message, key and what to do", () => {
    expect(failure("auth").message.split("\n")).toEqual([
      "auth: openai answered so",
      "  key        sk-…a1f3 from OPENAI_API_KEY",
      "  fix        check the key and what it may do at openai; sluice doctor says more",
    ]);
  });

  it("exits with 4 when something outside must be fixed first, else with 3", () => {
    expect(["auth", "quota_exhausted"].map((code) => failure(code as CallErrorCode).exitCode)).toEqual([4, 4]);
    expect(["throttled", "network", "server"].map((code) => failure(code as CallErrorCode).exitCode)).toEqual([
      3, 3, 3,
    ]);
  });

  it("passes on how often it was tried, and how long the provider asks to wait", () => {
    const { message } = failure("throttled", { attempts: 3, retryAfterMs: 90_000 });
    expect(message).toContain("tried      3 times");
    expect(message).toContain("(the provider asks to wait 1m 30s)");
  });

  it("names the command that looks further", () => {
    expect(failure("not_found").message).toContain("sluice models --live -m openai/m");
    expect(failure("network").message).toContain("sluice doctor -m openai/m");
  });
});
