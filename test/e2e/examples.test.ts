import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The line that each example is there for. */
const keyLines: Readonly<Record<string, RegExp>> = {
  "01-sequential-or-concurrent.ts": /^speed-up +(?:[3-9]|1\d)\.\d×$/m,
  "02-timer-resource.ts": /^three calls took \d+\.\d\d s\na block that fails took \d+\.\d\d s\nand its error arrives/m,
  "03-gather-in-order.ts": /^0 ok .+\n1 error too_large\n2 ok .+\n3 ok .+\norder kept: true$/m,
  "04-background-task.ts": /is running\nthe other one ended with code cancelled\nthe report has succeeded: /,
  "05-semaphore.ts": /^most at once: 3$/m,
  "06-timeout.ts":
    /timeout\nfirst content, too late: timeout\naborted from outside: {4}cancelled\nenough time: {13}answered$/m,
  "07-as-completed.ts": /^order of completion: (?:\d ?){8}\n(?:.*\n)still in flight: 0$/m,
  "08-rate-limited-client.ts": /^batch: 30 of 30 answered\n[^]+tokens, stop\)\n[^]+^answers with 429: 0$/m,
  "09-resilient-client.ts": /then an answer\)\n[^]*^answered: 40 of 40$/m,
  "10-worker-pool.ts":
    /^order: (?!.*the urgent question$).*the urgent question.*\nsucceeded 13, failed 0, queued 0, running 0$/m,
  "11-openai-sdk.ts":
    /^Echo: Name a river.*\nstreamed: Echo: Name a lake.*\n60 calls at once in .* s: 60 answered, \d+ refused/m,
  "12-anthropic-sdk.ts":
    /^Echo: Name a river.*\nstreamed in (?:[2-9]|\d\d) pieces\n40 calls at once, (?:\d|10) at a time, 0 refused$/m,
  "13-google-sdk.ts":
    /^Echo: Name a river.*\nstreamed: Echo: Name a lake.*\n40 calls at once, (?:\d|10) at a time, 0 refused$/m,
  "14-vercel-ai-sdk.ts":
    /^Echo: Name a river.*\nstreamed: Echo: Name a lake.*\n40 calls at once, (?:\d|10) at a time, 0 refused$/m,
  "15-langchain.ts":
    /^Echo: Name a river.*\nstreamed: Echo: Name a lake.*\n40 calls at once, (?:\d|10) at a time, 0 refused$/m,
  "16-openai-responses.ts":
    /^Echo: Name a river.*\(stop, \d+ tokens\)\nstreamed in (?:[2-9]|\d\d) pieces\nstatus "incomplete"$/m,
  "17-embeddings.ts": /^300 vectors of 32 numbers in 3 calls\n\d+ tokens\nthe same text: 1\.00$/m,
  "18-anthropic-messages.ts": /^Echo: Name a river.*\nstreamed in (?:[2-9]|\d\d) pieces\nwants weather with city$/m,
  "19-gemini.ts": /^Echo: Name a river.*\(stop, \d+ in, \d+ out\)\nstreamed in (?:[2-9]|\d\d) pieces$/m,
  "20-azure-openai.ts": /^dated\/my-deployment: Echo: .*\(stop\)\nazure\/my-deployment: Echo: .*\(stop\)$/m,
  "21-structured-output.ts": /^(?:posi|nega)tive, for \d+ reasons\n(?:\d: (?:posi|nega)tive\n?){4}/m,
  "22-keys-and-fallbacks.ts":
    /^90 of 90 answered\n[^]*tried at most 25 times\n[^]*^first#2: maxConcurrent 2\n[^]*^answered by the fallback: m$/m,
  "23-cost.ts": /^local\/llama: unknown\nUSD and CNY, and 1 call without a price$/m,
  "24-opentelemetry.ts": /^chat m: 20\nsluice\.attempt: 2\d\nsluice\.backoff: \d\n[^]*^retries: some$/m,
  "25-file-run-with-budget.ts":
    /^bounded, exit code 5: some rows left\nwithin the budget: true\ncomplete, exit code 0: 40 of 40\n.*: 40\nid,text,output,_status,[^]+: true$/m,
  "26-estimate.ts": /at most \$0\.000\d+\nwith an image: no known most .+\nof a model without a price: .+$/m,
};

const run = async (name: string): Promise<string> => {
  const file = `${root}examples/${name}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], {
    cwd: root,
    env: { ...process.env, SLUICE_EXAMPLE_LATENCY_MS: "100" },
    timeout: 60_000,
  });
  return stdout;
};

describe("the examples", () => {
  it("are all listed here", () => {
    const examples = readdirSync(`${root}examples`).filter((name) => /^\d\d-.*\.ts$/.test(name));
    expect(examples.toSorted()).toEqual(Object.keys(keyLines));
  });

  it.each(Object.entries(keyLines))("%s exits with 0 and shows its point", async (name, keyLine) => {
    expect(await run(name)).toMatch(keyLine);
  });
});
