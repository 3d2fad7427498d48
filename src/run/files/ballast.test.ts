import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { keepBallast } from "./ballast.ts";
import { nodeFs } from "./node-fs.ts";

it("leaves half of a small disk to the run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-ballast-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "ballast");
  const ballast = await keepBallast({ ...nodeFs, freeBytes: async () => 10_000 }, path, 1024 * 1024);
  expect((await stat(path)).size).toBe(5000);
  expect([await ballast.release(), await ballast.release()]).toEqual([true, false]);
});
