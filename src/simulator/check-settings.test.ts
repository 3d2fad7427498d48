import { describe, expect, it } from "vitest";
import { simulatorSettings } from "./simulator-options.ts";

describe("simulatorSettings", () => {
  it("fills in the defaults", () => {
    expect(simulatorSettings({ seed: 5 })).toMatchObject({ port: 0, host: "127.0.0.1", seed: 5, quota: "bucket" });
  });

  it.each([
    [{ port: 70_000 }, 'Cannot start the simulator: "port" must be an integer from 0 to 65535, got 70000'],
    [{ requestsPerMinute: 0 }, '"requestsPerMinute" must be a positive integer, got 0'],
    [{ foreignShare: 1 }, '"foreignShare" must be a number from 0 to below 1, got 1'],
    [{ tokenQuota: { burstMs: 0 } }, '"tokenQuota.burstMs" must be a positive integer, got 0'],
    [{ tokenMs: Number.NaN }, '"tokenMs" must be a number of at least 0, got NaN'],
    [{ faults: { cut: 1.5 } }, '"faults.cut" must be a rate from 0 to 1, got 1.5'],
    [{ faults: { cut: 0.7, reset: 0.7 } }, '"faults" must be rates that add up to at most 1, got 1.4'],
    [{ framing: "lfcr" as "lf" }, '"framing" must be one of lf, crlf, cr, got "lfcr"'],
  ])("refuses %j and says what it must be", (options, message) => {
    expect(() => simulatorSettings(options)).toThrow(message);
  });

  it("names the faults that it knows when it is given another", () => {
    const faults: Record<string, number> = { resett: 0.1 };
    expect(() => simulatorSettings({ faults })).toThrow(/knows no "resett"; it knows 429, 500, .*reset/);
  });
});
