import { describe, expect, it } from "vitest";
import { retryAfterBodyMs, retryAfterHeaderMs } from "./retry-after.ts";

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("the headers", () => {
  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "20s" }, 20_000],
    [{ "retry-after-ms": "843", "retry-after": "1" }, 843],
    [{ "retry-after-ms": "soon", "retry-after": "1" }, 1000],
    [{ "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT" }, 9000],
    [{ "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT", date: "Sun, 22 Nov 2026 12:00:05 GMT" }, 4000],
    [{ "retry-after": "Sun, 22 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "later" }, undefined],
    [{}, undefined],
  ])("%j ask for %s ms", (headers, expected) => {
    expect(retryAfterHeaderMs(headers, now)).toBe(expected);
  });
});

describe("the body", () => {
  it.each([
    ["Please try again in 8.71s. Visit https://x", 8710],
    ["Please try again in 1m2s.", 62_000],
    ["Please try again in 120ms", 120],
    ["please try again after 1 seconds", 1000],
    ["Please retry after 2 minutes, 3 seconds.", 123_000],
    ["Try again in 7h12m0s", 25_920_000],
    ["try again in 5 more attempts", undefined],
    ["try again later", undefined],
  ])("%j asks for %s ms", (message, expected) => {
    expect(retryAfterBodyMs(message, undefined)).toBe(expected);
  });

  it("may hold Google's retry information", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.5s" }];
    expect(retryAfterBodyMs("", details)).toBe(34_500);
  });
});
