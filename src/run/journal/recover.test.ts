import { mkdir, mkdtemp, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import { idHash } from "../source/id-hash.ts";
import { RowIndexBuilder } from "../source/row-index.ts";
import { type Frame, frameBytes, writeFrame } from "./frame.ts";
import { readFrames } from "./frames-file.ts";
import { openJournal } from "./journal.ts";
import { recover } from "./recover.ts";

const ids = ["a", "b", "c", "d"];
const index = (() => {
  const builder = new RowIndexBuilder();
  ids.forEach((id, row) => builder.addExplicit(id, row + 1));
  return builder.finish();
})();

const line = (id: string, text = ""): string =>
  `{"id":"req_${id}","custom_id":"${id}","response":{"status_code":200,"body":{"text":"${text}"}},"error":null}\n`;

const place = async (): Promise<{ truth: string; journal: string }> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-recover-"));
  await mkdir(join(folder, "out.run"));
  return { truth: join(folder, "out.jsonl"), journal: join(folder, "out.run", "journal") };
};

const frameBuffer = (frames: readonly Frame[]): Buffer => {
  const bytes = Buffer.alloc(frames.length * frameBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  frames.forEach((frame, at) => writeFrame(frame, view, at * frameBytes));
  return bytes;
};

const header: Frame = { kind: "header", version: 1 };
const sent = (id: string): Frame => ({
  kind: "sent",
  id: idHash(id),
  attempt: 1,
  atMost: { amount: 1, currency: "USD" },
});
const done = (id: string, offset: number, text = line(id)): Frame => ({
  kind: "done",
  id: idHash(id),
  offset,
  length: Buffer.byteLength(text),
  checksum: crc32(text),
});

const framesOf = async (path: string): Promise<readonly Frame[]> => {
  const frames: Frame[] = [];
  for await (const batch of readFrames(nodeFs, path)) frames.push(...batch.frames);
  return frames;
};

const run = async (where: { truth: string; journal: string }) => {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const recovered = await recover({ fs: nodeFs, ...where, index, signal: new AbortController().signal, warn });
  return { ...recovered, doneIds: ids.filter((_, row) => recovered.done.has(row)).join(""), warnings, recovered };
};

describe("recovery", () => {
  it("begins a journal where there is none, and reads what is done from the truth", async () => {
    const where = await place();
    await writeFile(where.truth, line("b") + line("gone"));
    const { doneIds, recovered } = await run(where);
    expect([doneIds, recovered.strangers, recovered.truthBytes]).toEqual(["b", 1, (line("b") + line("gone")).length]);
    expect((await framesOf(where.journal)).map(({ kind }) => kind)).toEqual(["header", "done", "done", "synced"]);
  });

  it("leaves a journal as it is that a newer program wrote", async () => {
    const where = await place();
    const newer = frameBuffer([{ kind: "header", version: 2 }, sent("a")]);
    await writeFile(where.truth, line("b"));
    await writeFile(where.journal, newer);
    await expect(run(where)).rejects.toMatchObject({ name: "RunError", exitCode: 2 });
    expect((await readFile(where.journal)).equals(newer)).toBe(true);
  });

  it("counts what was on its way, at most what it may have cost, and remembers it until the row has an answer", async () => {
    const where = await place();
    await writeFile(where.truth, line("a"));
    await writeFile(where.journal, frameBuffer([header, sent("a"), sent("b"), done("a", 0), sent("c"), sent("gone")]));
    for (let times = 0; times < 2; times++) {
      const { recovered } = await run(where);
      expect([...recovered.payments.debts()]).toEqual([
        [1, { count: 1, atMost: { amount: 1, currency: "USD" } }],
        [2, { count: 1, atMost: { amount: 1, currency: "USD" } }],
      ]);
      expect(recovered.inFlight).toBe(times === 0 ? 2 : 0);
    }
    expect((await framesOf(where.journal)).filter(({ kind }) => kind === "debt")).toHaveLength(3);
  });

  it("believes the journal below the point where the truth was durable, without reading the truth again", async () => {
    const where = await place();
    const broken = line("a").replace('"text":""', '"text:""');
    await writeFile(where.truth, broken + line("b"));
    const offset = line("a").length;
    await writeFile(where.journal, frameBuffer([header, done("a", 0), { kind: "synced", offset }, done("b", offset)]));
    expect((await run(where)).doneIds).toBe("ab");
  });

  it("leaves a journal as it is that was left whole, and only then", async () => {
    const where = await place();
    const offset = line("a").length;
    await writeFile(where.truth, line("a"));
    const whole = [header, sent("a"), done("a", 0), { kind: "synced", offset } as const];
    for (const [frames, isKept] of [
      [whole, true],
      [[...whole, sent("b")], false],
      [whole.slice(0, -1), false],
    ] as const) {
      await writeFile(where.journal, frameBuffer(frames));
      expect((await run(where)).doneIds).toBe("a");
      expect((await readFile(where.journal)).equals(frameBuffer(frames))).toBe(isKept);
    }
  });

  it.each([
    ["cut", (text: string) => text.slice(0, -9)],
    ["full of zeros", (text: string) => text.slice(0, 20) + "\0".repeat(text.length - 21) + "\n"],
    ["of another content than was noted", (text: string) => text.replace("20", "21")],
  ])("cuts off a line above it that is %s", async (_, damage) => {
    const where = await place();
    const offset = line("a").length;
    await writeFile(where.truth, line("a") + damage(line("b")) + line("c"));
    const frames = [
      header,
      done("a", 0),
      { kind: "synced", offset } as const,
      done("b", offset),
      done("c", 2 * offset),
    ];
    await writeFile(where.journal, frameBuffer(frames));
    const { doneIds, warnings } = await run(where);
    expect([doneIds, await readFile(where.truth, "utf8")]).toEqual(["a", line("a")]);
    expect(warnings).toEqual([expect.stringContaining("bytes were cut off")]);
    expect((await run(where)).warnings).toEqual([]);
  });

  it("takes an answer above it that the journal had no time to note", async () => {
    const where = await place();
    await writeFile(where.truth, line("a") + line("b"));
    await writeFile(where.journal, frameBuffer([header, sent("a"), sent("b"), done("a", 0)]));
    const { doneIds, recovered } = await run(where);
    expect([doneIds, [...recovered.payments.debts()]]).toEqual(["ab", []]);
  });

  it("keeps what somebody else has added, but not in the truth", async () => {
    const where = await place();
    await writeFile(where.truth, `${line("a")}my notes\n`);
    await writeFile(where.journal, frameBuffer([header, done("a", 0), { kind: "synced", offset: line("a").length }]));
    const { warnings } = await run(where);
    const kept = `${where.journal}.cut-${line("a").length}`;
    expect(warnings).toEqual([expect.stringContaining(`are kept in ${kept}`)]);
    expect([await readFile(where.truth, "utf8"), await readFile(kept, "utf8")]).toEqual([line("a"), "my notes\n"]);
  });

  it("reads the truth again when lines were taken out of it by hand, and knows that their answers were paid for", async () => {
    const where = await place();
    const offset = line("a").length;
    await writeFile(where.truth, line("b"));
    const frames = [header, done("a", 0), done("b", offset), { kind: "synced", offset: 2 * offset } as const];
    await writeFile(where.journal, frameBuffer(frames));
    const { doneIds, recovered } = await run(where);
    expect([doneIds, [...recovered.payments.debts()]]).toEqual(["b", [[0, { count: 1, atMost: undefined }]]]);
  });

  it("reads the truth again when it may have been put into another order", async () => {
    const where = await place();
    await writeFile(where.truth, line("b", "longer") + line("a"));
    const frames = [header, done("a", 0), { kind: "synced", offset: 5 } as const, { kind: "moved" } as const];
    await writeFile(where.journal, frameBuffer(frames));
    expect((await run(where)).doneIds).toBe("ab");
  });

  it("loses no answer when the end of the journal is gone, and with it that the truth was put into another order", async () => {
    const where = await place();
    await writeFile(where.truth, line("a", "short") + line("b", "a longer answer") + line("c"));
    const [b, c, a] = [line("b", "a longer answer"), line("c"), line("a", "short")];
    const frames = [done("b", 0, b), done("c", b.length, c), done("a", b.length + c.length, a)];
    await writeFile(where.journal, frameBuffer([header, ...frames]));
    const { doneIds, warnings } = await run(where);
    expect([doneIds, warnings]).toEqual(["abc", []]);
  });

  it("keeps what it cuts off when somebody has changed an answer that was not yet durable", async () => {
    const where = await place();
    await writeFile(where.truth, line("a", "edited") + line("b"));
    await writeFile(where.journal, frameBuffer([header, done("a", 0, line("a", "as it came"))]));
    const { doneIds, warnings } = await run(where);
    expect([doneIds, warnings[0]]).toEqual(["", expect.stringContaining("are kept in")]);
  });

  it("never takes a wrong answer for a right one, whichever part of a journal of 100 kB is damaged", async () => {
    const many = 1600;
    const builder = new RowIndexBuilder();
    for (let row = 0; row < many; row++) builder.addExplicit(`r${row}`, row + 1);
    const where = await place();
    const frames: Frame[] = [header];
    let text = "";
    for (let row = 0; row < many; row++) {
      frames.push(sent(`r${row}`), done(`r${row}`, text.length));
      text += line(`r${row}`);
    }
    const journal = frameBuffer([...frames, { kind: "synced", offset: text.length }]);
    expect(journal.length).toBeGreaterThan(100_000);
    await writeFile(where.truth, text);
    let found = 0;
    for (let at = 0; at < journal.length; at += 3331) {
      const damaged = Buffer.from(journal);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at & 7));
      await writeFile(where.journal, damaged);
      const warnings: string[] = [];
      const warn = (message: string): void => void warnings.push(message);
      const { signal } = new AbortController();
      const recovered = await recover({ fs: nodeFs, ...where, index: builder, signal, warn });
      expect(recovered.done.count).toBe(many);
      if (warnings.length > 0) found += 1;
    }
    // Damage to the last frame looks like a write that was cut, and loses nothing; all other is told.
    expect(found).toBeGreaterThanOrEqual(Math.floor(journal.length / 3331) - 1);
  });

  it("recovers from a journal that was cut anywhere", async () => {
    const where = await place();
    const offset = line("a").length;
    const frames = [header, sent("a"), done("a", 0), { kind: "synced", offset } as const, sent("b"), done("b", offset)];
    for (let length = 0; length <= frames.length * frameBytes; length += 7) {
      await writeFile(where.truth, line("a") + line("b"));
      await writeFile(where.journal, frameBuffer(frames));
      await truncate(where.journal, length);
      expect((await run(where)).doneIds).toBe("ab");
    }
  });
});

describe("the journal", () => {
  it("has each remark in the file when the call returns", async () => {
    const { journal: path } = await place();
    const journal = await openJournal(nodeFs, path, () => {});
    journal.sent(idHash("a"), 2, undefined);
    expect(await framesOf(path)).toEqual([{ kind: "sent", id: idHash("a"), attempt: 2, atMost: undefined }]);
    await journal.close();
  });

  it("says once that it cannot be written, and then writes nothing", async () => {
    const failures: unknown[] = [];
    const journal = await openJournal(nodeFs, "/dev/full", (error) => failures.push(error));
    journal.sent(idHash("a"), 1, undefined);
    journal.sent(idHash("b"), 1, undefined);
    await journal.close();
    expect(failures).toEqual([expect.objectContaining({ code: "ENOSPC" })]);
  });
});
