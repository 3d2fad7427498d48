import { describe, expect, it } from "vitest";
import { DeploymentHealth } from "./deployment-health.ts";

describe("DeploymentHealth", () => {
  it("does not leave a deployment alone of which a few attempts fail, sooner than the others are answered", () => {
    const health = new DeploymentHealth();
    for (let now = 10_000; now < 60_000; now += 10) {
      health.succeeded(now - 10_000);
      if (now % 500 === 0) health.failed(now, "server", now - 20);
      expect(health.isDown(now)).toBe(false);
    }
  });

  it("leaves one alone that fails all that is new, while what was in flight still succeeds", () => {
    const health = new DeploymentHealth();
    health.succeeded(0);
    for (let failures = 1; failures <= 20; failures++) {
      health.failed(1000 + failures, "server", 1000 + failures);
      if (failures % 2 === 0) health.succeeded(500);
    }
    expect(health.isDown(1020)).toBe(true);
  });
});
