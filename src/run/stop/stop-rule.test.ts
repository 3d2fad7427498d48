import { describe, expect, it } from "vitest";
import { CallError, type CallErrorCode } from "../../call/call-error.ts";
import { isRetried } from "../resume/retry-errors.ts";
import { stopRule } from "./stop-rule.ts";

const error = (code: CallErrorCode, details = {}): CallError => new CallError(code, "no", details);

describe("stopRule", () => {
  it("stops the run at once when the key or the account is refused", () => {
    for (const any of [false, true]) {
      expect(stopRule(error("auth", { status: 401 }), { anySucceeded: any, failed: 0 })).toBe("stop");
      expect(stopRule(error("quota_exhausted", { status: 429 }), { anySucceeded: any, failed: 0 })).toBe("stop");
    }
  });

  it("stops for a missing model, a forbidden one or a missing address only when no row has succeeded", () => {
    for (const failure of [
      error("not_found", { status: 404 }),
      error("auth", { status: 403 }),
      error("network", { unreachable: true }),
    ]) {
      expect(stopRule(failure, { anySucceeded: false, failed: 0 })).toBe("stop");
      expect(stopRule(failure, { anySucceeded: true, failed: 0 })).toBe("record");
    }
  });

  it("stops at a redirect, which is about the address and not about the row", () => {
    expect(stopRule(error("invalid_request", { status: 307 }), { anySucceeded: true, failed: 0 })).toBe("stop");
    expect(stopRule(error("invalid_request", { status: 400 }), { anySucceeded: true, failed: 0 })).toBe("record");
  });

  it("stops when 429s never end, or when fifty rows have failed and none has succeeded", () => {
    expect(stopRule(error("throttled"), { anySucceeded: false, failed: 0 })).toBe("stop");
    expect(stopRule(error("throttled"), { anySucceeded: true, failed: 0 })).toBe("record");
    for (const code of ["server", "overloaded", "malformed", "timeout", "network", "invalid_request"] as const) {
      expect(stopRule(error(code), { anySucceeded: false, failed: 49 })).toBe("record");
      expect(stopRule(error(code), { anySucceeded: false, failed: 50 })).toBe("stop");
      expect(stopRule(error(code), { anySucceeded: true, failed: 500 })).toBe("record");
    }
  });

  it("leaves a row undone that was never answered because we stopped", () => {
    expect(stopRule(error("closed"), { anySucceeded: true, failed: 0 })).toBe("undone");
    expect(stopRule(error("cancelled"), { anySucceeded: false, failed: 0 })).toBe("undone");
  });

  it.each(["content_filter", "server", "network", "malformed", "timeout", "invalid_request"] as const)(
    "records a row that failed by itself: %s",
    (code) => expect(stopRule(error(code), { anySucceeded: false, failed: 0 })).toBe("record"),
  );
});

describe("isRetried", () => {
  it("leaves alone what would be refused again, unless told otherwise", () => {
    expect(isRetried("content_filter")).toBe(false);
    expect(isRetried("server")).toBe(true);
    expect(isRetried("content_filter", "all")).toBe(true);
    expect(isRetried("server", "none")).toBe(false);
  });
});
