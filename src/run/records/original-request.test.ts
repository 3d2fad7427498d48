import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { requestId } from "../source/identity.ts";
import { originalRequest, type RequestSearch } from "./original-request.ts";

const none: JsonObject = { version: 2, model: "m", prompt: null, system: null, params: {} };

const search = async (
  text: string,
  id: string,
  manifest: JsonObject = {},
  name = "in.jsonl",
): Promise<RequestSearch> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-request-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return originalRequest({ ...none, inputs: [name], cwd: folder, ...manifest }, id);
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

  it("is read from the manifests of the first version, if they had no templates", async () => {
    const old = { version: 1, model: "m", params: { maxOutputTokens: 9 } };
    const line = `${JSON.stringify({ custom_id: "a", prompt: "hi" })}\n`;
    const [some, without] = ["0123456789abcdef", "95cb9b4f84ceff13"];
    const folder = await mkdtemp(join(tmpdir(), "sluice-request-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "in.jsonl"), line);
    const input = join(folder, "in.jsonl");
    expect(await originalRequest({ ...old, input, prompt_hash: without }, "a")).toMatchObject({
      request: { body: { max_tokens: 9 } },
    });
    expect(await originalRequest({ ...old, input, prompt_hash: some }, "a")).toMatchObject({ why: "unread" });
  });

  it("is unknown where the input is gone, broken, or was the standard input", async () => {
    expect(await search("", "a", { inputs: ["gone.jsonl"] })).toMatchObject({ found: false, why: "unread" });
    expect(await search("{broken\n", "a")).toMatchObject({ found: false, why: "unread" });
    expect(await search("", "a", { inputs: ["-"] })).toMatchObject({ found: false, why: "unread" });
  });
});
