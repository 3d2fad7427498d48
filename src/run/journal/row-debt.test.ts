import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import { idHash } from "../source/id-hash.ts";
import { type Frame, frameBytes, journalVersion, writeFrame } from "./frame.ts";
import { rowDebt } from "./row-debt.ts";

const debtIn = async (id: string, frames: readonly Frame[]): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-debt-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bytes = new Uint8Array(frames.length * frameBytes);
  frames.forEach((frame, place) => writeFrame(frame, new DataView(bytes.buffer), place * frameBytes));
  await writeFile(join(folder, "journal"), bytes);
  return rowDebt(nodeFs, join(folder, "journal"), id);
};

const header: Frame = { kind: "header", version: journalVersion };
const sent = (id: string): Frame => ({ kind: "sent", id: idHash(id), attempt: 1, atMost: undefined });
const unpaid = (id: string): Frame => ({ kind: "unpaid", id: idHash(id) });

describe("the debt of a row", () => {
  it("counts what was sent and neither answered nor certainly free", async () => {
    expect(await debtIn("a", [header, sent("a"), sent("b"), sent("a"), unpaid("a")])).toBe(1);
    expect(await debtIn("b", [header, sent("a")])).toBe(0);
    const owed: Frame = { kind: "debt", id: idHash("a"), count: 3, atMost: undefined };
    expect(await debtIn("a", [header, owed, sent("a")])).toBe(4);
    const done: Frame = { kind: "done", id: idHash("a"), offset: 0, length: 1, checksum: 0 };
    expect(await debtIn("a", [header, sent("a"), done])).toBe(0);
  });

  it("is none where there is no journal", async () => {
    expect(await rowDebt(nodeFs, "/nonexistent/journal", "a")).toBe(0);
  });
});
