import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { manifestWith } from "../../../test/fixtures/manifest.ts";
import { nodeFs } from "../files/node-fs.ts";
import type { Manifest } from "../resume/manifest.ts";
import { requestId } from "../source/identity.ts";
import { originalRequest, type RequestSearch } from "./original-request.ts";

const search = async (
  text: string,
  id: string,
  manifest: Partial<Manifest> = {},
  name = "in.jsonl",
): Promise<RequestSearch> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-request-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return originalRequest(
    { fs: nodeFs, manifest: manifestWith({ model: "m", inputs: [name], ...manifest }), folder },
    id,
  );
};

const promptOf = (found: RequestSearch): unknown => (found.found ? found.request.body["messages"] : found);
const user = (content: string): object[] => [{ role: "user", content }];

describe("the request of a row", () => {
  it("is made of the input again, with the run's templates and parameters", async () => {
    const manifest = { prompt: "Sentiment of: {{text}}", params: { temperature: 0 }, id_column: "id" };
    const found = await search("id,text\na,good\nb,bad\n", "b", manifest, "in.csv");
    expect(found).toMatchObject({
      found: true,
      request: { operation: "chat", body: { messages: user("Sentiment of: bad"), temperature: 0 } },
    });
  });

  it("is found by the id that was made of it, and by its number among equal ones", async () => {
    const id = requestId({ messages: [{ role: "user", content: "hi" }] }, "m");
    const lines = ["hi", "ho", "hi"].map((prompt) => `${JSON.stringify({ prompt })}\n`).join("");
    expect(promptOf(await search(lines, id))).toEqual(user("hi"));
    expect(promptOf(await search(lines, `${id}-2`))).toEqual(user("hi"));
    expect(await search(lines, `${id}-3`)).toMatchObject({ found: false, why: "absent" });
  });

  it("is read as the run has read its input: of several files, in their format and their letters", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-request-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "one.txt"), "id,text\na,good\n");
    // The two characters for "good" in GBK.
    await writeFile(join(folder, "two.txt"), Buffer.from([...Buffer.from("id,text\nb,"), 0xba, 0xc3, 0x0a]));
    const manifest = manifestWith({
      inputs: ["one.txt", "two.txt"],
      cwd: folder,
      model: "m",
      prompt: "{{text}}",
      id_column: "id",
      input_format: "csv",
      encoding: "gbk",
      limit: 2,
    });
    const run = { fs: nodeFs, manifest, folder: "/" };
    expect(promptOf(await originalRequest(run, "b"))).toEqual(user("好"));
    expect(promptOf(await originalRequest(run, "a"))).toEqual(user("good"));
    const limited = { ...run, manifest: { ...manifest, limit: 1 } };
    expect(await originalRequest(limited, "b")).toMatchObject({ found: false, why: "absent" });
  });

  it("is unknown where the input is gone, broken, or was the standard input", async () => {
    expect(await search("", "a", { inputs: ["gone.jsonl"] })).toMatchObject({ found: false, why: "unread" });
    expect(await search("{broken\n", "a")).toMatchObject({ found: false, why: "unread" });
    expect(await search("", "a", { inputs: ["-"] })).toMatchObject({ found: false, why: "unread" });
  });
});
