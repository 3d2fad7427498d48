// A file run that may cost so much and no more, and that goes on where it stopped when it may cost more.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLLM, exitCodeOf, runFile, type RunSummary } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

const folder = await mkdtemp(join(tmpdir(), "sluice-example-"));
const [input, output] = [join(folder, "reviews.csv"), join(folder, "labels.csv")];
const reviews = Array.from({ length: 40 }, (_, number) => `${number},"Review ${number}, with a comma"`);
await writeFile(input, ["id,text", ...reviews].join("\n"));

await using provider = await simulated({ firstTokenMs: latencyMs / 40 });
await using llm = createLLM({
  baseURL: provider.url,
  model: "m",
  prices: { "custom/m": { input: 1, output: 4 } }, // for a million tokens
});

/** The same call, each time: what is answered is not asked again. */
const label = (dollars: number): Promise<RunSummary> =>
  runFile({
    input,
    output,
    llm,
    idColumn: "id",
    prompt: "Sentiment of: {{text}}",
    maxOutputTokens: 20,
    maxCost: { amount: dollars, currency: "USD" },
  });

const first = await label(0.002);
const spent = first.costs[0]?.amount ?? 0;
console.log(
  `${first.outcome}, exit code ${exitCodeOf(first)}: ${first.remaining > 0 ? "some rows left" : "none left"}`,
);
console.log(`within the budget: ${spent <= 0.002}`);

const second = await label(1);
console.log(`${second.outcome}, exit code ${exitCodeOf(second)}: ${second.succeeded} of ${second.rows}`);
console.log(`calls that the provider has seen: ${provider.ledger().received}`);

const [header = "", ...lines] = (await readFile(output, "utf8")).trimEnd().split("\n");
console.log(header);
console.log(
  `${lines.length} lines, in the order of the input: ${lines.every((line, row) => line.startsWith(`${row},`))}`,
);
await rm(folder, { recursive: true });
