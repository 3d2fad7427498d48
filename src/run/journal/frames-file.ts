import type { Fs } from "../files/fs.ts";
import { type Frame, frameBytes, frameKind, readFrame, writeFrame } from "./frame.ts";

/** Some frames of a journal, in order. */
export interface FrameBatch {
  readonly frames: readonly Frame[];
  /** Frames of the kinds that are read before or among them that cannot be read; what was being written when the machine went down is none. */
  readonly damaged: number;
}

const chunkFrames = 8 * 1024;

/** Reads the frames of a journal, or only those of one kind, for others take time, too; a missing file has none. */
export async function* readFrames(fs: Fs, path: string, only?: Frame["kind"]): AsyncGenerator<FrameBatch> {
  if ((await fs.stat(path)) === undefined) return;
  const file = await fs.open(path, "read");
  const most = Math.ceil(((await file.size()) + 1) / frameBytes);
  const chunk = new Uint8Array(Math.min(most, chunkFrames) * frameBytes);
  const view = new DataView(chunk.buffer);
  let unreadable = 0;
  try {
    for (let position = 0, length = chunk.length; length === chunk.length; position += length) {
      length = await file.read(chunk, position);
      const frames: Frame[] = [];
      let damaged = 0;
      for (let at = 0; at + frameBytes <= length; at += frameBytes) {
        if (only !== undefined && frameKind(view, at) !== only) continue;
        const frame = readFrame(view, at);
        if (frame === undefined) unreadable += 1;
        else {
          damaged += unreadable;
          unreadable = 0;
          frames.push(frame);
        }
      }
      yield { frames, damaged };
    }
  } finally {
    await file.close();
  }
}

/** Collects frames into chunks of bytes, to be written together. */
export class FrameChunks {
  readonly #ready: Uint8Array[] = [];
  #view = newChunk(firstFrames);
  #length = 0;

  add(frame: Frame): void {
    writeFrame(frame, this.#view, this.#length);
    this.#length += frameBytes;
    if (this.#length === this.#view.byteLength) this.#turn(chunkFrames);
  }

  /** Full chunks that were not taken yet. */
  take(): readonly Uint8Array[] {
    return this.#ready.splice(0);
  }

  /** All that was not taken yet. */
  finish(): readonly Uint8Array[] {
    this.#turn(0);
    return this.take();
  }

  #turn(nextFrames: number): void {
    this.#ready.push(new Uint8Array(this.#view.buffer, 0, this.#length));
    this.#view = newChunk(nextFrames);
    this.#length = 0;
  }
}

/** Most runs that are recovered are small. */
const firstFrames = 64;

const newChunk = (frames: number): DataView => new DataView(new ArrayBuffer(frames * frameBytes));
