/**
 * How wrong the estimate of tokens is, against the real tokenizer, on text that no weight was fitted to, and how fast it is.
 * Texts come from the folder that `SLUICE_DATA` names, where the first folder is the category, and from this repository.
 */
import { parseArgs } from "node:util";
import { countTokens as countCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { scanTable, scanText } from "../src/provider/tokens/token-scan.ts";
import { tokenWeights } from "../src/provider/tokens/token-weights.ts";
import { table } from "./quota/table.ts";
import { byCategory, type Document, documentsIn, ownDocuments } from "./tokens/documents.ts";
import { fitWeights, printWeights } from "./tokens/fit-weights.ts";

const { values } = parseArgs({
  options: {
    /** Fits new weights to what is not held out, prints them, and measures those. */
    fit: { type: "boolean", default: false },
    /** Which tokenizer is right. */
    encoding: { type: "string", default: "o200k_base" },
  },
});
const special = { disallowedSpecial: new Set<string>() };
const shortest = 200;
const tolerance = 0.1;

const exactly = (text: string): number =>
  values.encoding === "cl100k_base" ? countCl100k(text, special) : countTokens(text, special);

const percent = (share: number): string => (Number.isNaN(share) ? "" : `${(100 * share).toFixed(1)} %`);

const errors = (documents: readonly Document[], estimate: (text: string) => number): readonly string[] => {
  const counts = documents.map(({ text }) => ({ real: exactly(text), estimated: estimate(text) }));
  const real = counts.reduce((sum, count) => sum + count.real, 0);
  const estimated = counts.reduce((sum, count) => sum + count.estimated, 0);
  const off = counts
    .filter((count) => count.real >= shortest)
    .map((count) => Math.abs(count.estimated / count.real - 1));
  const within = off.filter((error) => error <= tolerance).length / off.length;
  const mean = off.reduce((sum, error) => sum + error, 0) / off.length;
  return [real.toLocaleString("en"), percent(estimated / real - 1), `${off.length}`, percent(within), percent(mean)];
};

/** MB a second of CPU time, which other programs on the machine do not take away; the median of nine. */
const speed = (documents: readonly Document[], count: (text: string) => number): string => {
  const bytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const rates = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage();
    for (const { text } of documents) count(text);
    const { user, system } = process.cpuUsage(before);
    return bytes / (user + system);
  });
  return (rates.toSorted((a, b) => a - b)[4] ?? 0).toFixed(1);
};

const folder = process.env["SLUICE_DATA"];
const documents = [...ownDocuments(), ...(folder === undefined ? [] : documentsIn(folder))];
const weights = values.fit ? fitWeights(documents) : tokenWeights;
if (values.fit) printWeights(weights);
const scan = scanTable(weights);
const estimate = (text: string): number => Math.round(scanText(text, scan));

const held = byCategory(documents.filter((document) => document.held));
const head = ["held out", "tokens", "error of the sum", `documents of ${shortest} tokens`, "within 10 %", "mean error"];
console.log(
  table(
    head,
    held.map(([category, group]) => [category, ...errors(group, estimate)]),
  ),
);

const speeds = byCategory(ownDocuments()).map(([category, group]) => [
  category,
  speed(group, estimate),
  speed(group, exactly),
]);
console.log(`\n${table(["MB per second of CPU", "estimate", "gpt-tokenizer"], speeds)}`);
