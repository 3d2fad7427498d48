import type { Money } from "../../call/money.ts";
import type { IdHash } from "../source/id-hash.ts";

/** The length of every frame: a place in the journal needs no index, and damage to one frame reaches no other. */
export const frameBytes = 32;

/** What a frame says. */
export type Frame =
  /** The first one of a journal. */
  | { readonly kind: "header"; readonly version: number }
  /** A request is about to leave; what it costs at most, where that is known. */
  | { readonly kind: "sent"; readonly id: IdHash; readonly attempt: number; readonly atMost: Money | undefined }
  /** An attempt has ended and was certainly not charged. */
  | { readonly kind: "unpaid"; readonly id: IdHash }
  /** The row's answer stands there in the truth. */
  | {
      readonly kind: "done";
      readonly id: IdHash;
      readonly offset: number;
      readonly length: number;
      readonly checksum: number;
    }
  /** The truth is durable up to there. */
  | { readonly kind: "synced"; readonly offset: number }
  /** The truth is being put into another order: from here on no place in it is known. */
  | { readonly kind: "moved" }
  /** So many attempts may have been charged for a row that is not answered yet. */
  | { readonly kind: "debt"; readonly id: IdHash; readonly count: number; readonly atMost: Money | undefined }
  /** So many attempts may have been charged beside those that brought the answers. */
  | { readonly kind: "tally"; readonly count: number; readonly atMost: Money | undefined };

/** What this program writes, and the latest that it reads. */
export const journalVersion = 1;

const kinds = ["header", "sent", "unpaid", "done", "synced", "moved", "debt", "tally"] as const;
const currencies = ["USD", "CNY"] as const;
const magic: IdHash = { high: 0x736c7569, low: 0x63656a72 };

/**
 * Writes a frame into 32 bytes, little-endian: kind (1), currency (1), small count (2), id hash (8), amount or offset
 * (8, a double), length or count (4), checksum of the line (4), CRC-32 of all these (4).
 */
export const writeFrame = (frame: Frame, into: DataView, at = 0): void => {
  for (let byte = 0; byte < frameBytes; byte += 4) into.setUint32(at + byte, 0);
  into.setUint8(at, kinds.indexOf(frame.kind) + 1);
  switch (frame.kind) {
    case "header":
      into.setUint16(at + 2, frame.version, true);
      writeId(magic, into, at);
      break;
    case "sent":
      into.setUint16(at + 2, Math.min(frame.attempt, 0xffff), true);
      writeId(frame.id, into, at);
      writeMoney(frame.atMost, into, at);
      break;
    case "unpaid":
      writeId(frame.id, into, at);
      break;
    case "done":
      writeId(frame.id, into, at);
      into.setFloat64(at + 12, frame.offset, true);
      into.setUint32(at + 20, frame.length, true);
      into.setUint32(at + 24, frame.checksum, true);
      break;
    case "synced":
      into.setFloat64(at + 12, frame.offset, true);
      break;
    case "moved":
      break;
    case "debt":
      writeId(frame.id, into, at);
      writeMoney(frame.atMost, into, at);
      into.setUint32(at + 20, frame.count, true);
      break;
    case "tally":
      writeMoney(frame.atMost, into, at);
      into.setUint32(at + 20, frame.count, true);
      break;
  }
  into.setUint32(at + 28, checksumOf(into, at), true);
};

/** Reads a frame; `undefined` when it is damaged, or of a kind that is not known. */
export const readFrame = (from: DataView, at: number): Frame | undefined => {
  if (from.getUint32(at + 28, true) !== checksumOf(from, at)) return undefined;
  const id = { high: from.getUint32(at + 4, true), low: from.getUint32(at + 8, true) };
  switch (kinds[from.getUint8(at) - 1]) {
    case "header":
      return id.high === magic.high && id.low === magic.low
        ? { kind: "header", version: from.getUint16(at + 2, true) }
        : undefined;
    case "sent":
      return { kind: "sent", id, attempt: from.getUint16(at + 2, true), atMost: readMoney(from, at) };
    case "unpaid":
      return { kind: "unpaid", id };
    case "done":
      return {
        kind: "done",
        id,
        offset: from.getFloat64(at + 12, true),
        length: from.getUint32(at + 20, true),
        checksum: from.getUint32(at + 24, true),
      };
    case "synced":
      return { kind: "synced", offset: from.getFloat64(at + 12, true) };
    case "moved":
      return { kind: "moved" };
    case "debt":
      return { kind: "debt", id, count: from.getUint32(at + 20, true), atMost: readMoney(from, at) };
    case "tally":
      return { kind: "tally", count: from.getUint32(at + 20, true), atMost: readMoney(from, at) };
    case undefined:
      return undefined;
  }
};

const writeId = ({ high, low }: IdHash, into: DataView, at: number): void => {
  into.setUint32(at + 4, high, true);
  into.setUint32(at + 8, low, true);
};

/** An amount that nobody knows has no currency. */
const writeMoney = (money: Money | undefined, into: DataView, at: number): void => {
  if (money === undefined) return;
  into.setUint8(at + 1, currencies.indexOf(money.currency) + 1);
  into.setFloat64(at + 12, money.amount, true);
};

const readMoney = (from: DataView, at: number): Money | undefined => {
  const currency = currencies[from.getUint8(at + 1) - 1];
  return currency === undefined ? undefined : { amount: from.getFloat64(at + 12, true), currency };
};

/** What kind of frame stands there, unless it is damaged. */
export const frameKind = (from: DataView, at: number): Frame["kind"] | undefined => kinds[from.getUint8(at) - 1];

/**
 * CRC-32 of a frame but for its last field, four bytes at a time. A call into zlib takes several times as long for so few
 * bytes.
 */
const checksumOf = (bytes: DataView, at: number): number => {
  let crc = -1;
  for (let word = at; word < at + 28; word += 4) {
    crc ^= bytes.getUint32(word, true);
    crc =
      (crcTable[768 + (crc & 0xff)] ?? 0) ^
      (crcTable[512 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (crcTable[256 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (crcTable[crc >>> 24] ?? 0);
  }
  return ~crc >>> 0;
};

/** What a byte comes to, when up to three bytes of zeros follow it: four tables in one. */
const crcTable = new Int32Array(1024);
for (let byte = 0; byte < 1024; byte++) {
  let crc = byte < 256 ? byte : (crcTable[byte - 256] ?? 0);
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  crcTable[byte] = crc;
}
