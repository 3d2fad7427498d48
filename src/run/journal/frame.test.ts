import { describe, expect, it } from "vitest";
import { type Frame, frameBytes, readFrame, writeFrame } from "./frame.ts";

const id = { high: 0xffff_ffff, low: 1 };
const frames: readonly Frame[] = [
  { kind: "header", version: 1 },
  { kind: "sent", id, attempt: 3, atMost: { amount: 0.0125, currency: "CNY" } },
  { kind: "sent", id, attempt: 1, atMost: undefined },
  { kind: "unpaid", id },
  { kind: "done", id, offset: 2 ** 40 + 1, length: 2 ** 31, checksum: 0xffff_ffff },
  { kind: "synced", offset: 2 ** 52 },
  { kind: "moved" },
  { kind: "debt", id, count: 70_000, atMost: { amount: 1e-9, currency: "USD" } },
  { kind: "tally", count: 2 ** 31, atMost: undefined },
];

const written = (frame: Frame): DataView => {
  const view = new DataView(new ArrayBuffer(frameBytes));
  writeFrame(frame, view);
  return view;
};

describe("a frame of the journal", () => {
  it.each(frames)("is read as it was written: $kind", (frame) => {
    expect(readFrame(written(frame), 0)).toEqual(frame);
  });

  it("is recognized as damaged whichever of its bits is flipped", () => {
    for (const frame of frames) {
      for (let bit = 0; bit < frameBytes * 8; bit++) {
        const view = written(frame);
        view.setUint8(bit >> 3, view.getUint8(bit >> 3) ^ (1 << (bit & 7)));
        expect(readFrame(view, 0)).toBeUndefined();
      }
    }
  });

  it("is none in a hole of zeros", () => {
    expect(readFrame(new DataView(new ArrayBuffer(frameBytes)), 0)).toBeUndefined();
  });
});
