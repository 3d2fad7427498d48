import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** A text as it might stand in a prompt. */
export interface Document {
  /** What kind of text it is: the folder it came from, or the ending of its name. */
  readonly category: string;
  readonly text: string;
  /** Weights are not fitted to it, so that it can tell how good they are. */
  readonly held: boolean;
}

const longestDocument = 12_000;
const largestFile = 3_000_000;
/** Rows of a JSONL file are short; several make a document. */
const rowsTogether = 4;
const heldShare = 0.4;

/** The texts in a folder: files, and the strings in the rows of JSONL files. What lies in one folder is held out together. */
export const documentsIn = (root: string): readonly Document[] =>
  filesIn(root).flatMap((path) => {
    const folders = path.split(sep);
    const category = folders.length > 1 ? (folders[0] ?? "") : extname(path).slice(1);
    return textsOf(join(root, path)).map((text, index) => {
      const origin = folders.length > 2 ? folders.slice(0, -1).join("/") : `${path} ${index}`;
      return { category, text, held: chance(origin) < heldShare };
    });
  });

/** The repository's own documents and sources; no weight was fitted to them. */
export const ownDocuments = (): readonly Document[] =>
  ["docs", "examples", "src", "test"]
    .flatMap((folder) => filesIn(folder).map((path) => join(folder, path)))
    .concat(readdirSync(".").filter((path) => /\.(?:md|json)$/.test(path)))
    .flatMap((path) => {
      const category = `own ${path.includes("zh") ? "Chinese " : ""}${extname(path).slice(1)}`;
      return textsOf(path).map((text) => ({ category, text, held: true }));
    });

const filesIn = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size < largestFile)
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();

const textsOf = (path: string): readonly string[] => {
  const content = readFileSync(path, "utf8");
  if (content.includes("\0") || content.includes("\ufffd")) return [];
  if (extname(path) !== ".jsonl") return [content.slice(0, longestDocument)];
  const rows = content.split("\n").filter((row) => row !== "");
  const texts = rows.map((row) =>
    Object.values(JSON.parse(row) as object).filter((value) => typeof value === "string"),
  );
  return Array.from({ length: Math.ceil(rows.length / rowsTogether) }, (_, index) =>
    texts
      .slice(index * rowsTogether, (index + 1) * rowsTogether)
      .flat()
      .join("\n"),
  );
};

const chance = (seed: string): number => createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32;

/** The documents by category. */
export const byCategory = (documents: readonly Document[]): readonly (readonly [string, readonly Document[]])[] =>
  [...new Set(documents.map(({ category }) => category))].map((category) => [
    category,
    documents.filter((document) => document.category === category),
  ]);
