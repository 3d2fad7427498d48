import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { asks, sourceFolder } from "../../../test/fixtures/source-file.ts";

const { read, failure } = sourceFolder();
const user = (content: string): JsonObject => ({ role: "user", content });

describe("rows of JSON lines", () => {
  it("sends the body of an OpenAI Batch line as it is", async () => {
    const body = { model: "m1", messages: [user("a")], temperature: 0, metadata: { k: "v" } };
    const line = {
      custom_id: "x",
      method: "POST",
      url: "/v4/chat/completions",
      body,
      response: null,
      error: { code: "e" },
      meta: {},
    };
    const { rows } = await read(`${JSON.stringify(line)}\n`);
    expect(rows).toEqual([{ index: 0, line: 1, id: "x", explicitId: true, operation: "chat", body, model: "m1" }]);
  });

  it("lets the run's model replace the line's own only when told to", async () => {
    const content = JSON.stringify({
      custom_id: "x",
      url: "/v1/chat/completions",
      body: { model: "m1", messages: [user("a")] },
    });
    expect((await read(content, { model: "m2" })).rows[0]).toMatchObject({ model: "m1", body: { model: "m1" } });
    const { rows } = await read(content, { model: "m2", overrideModel: true });
    expect(rows[0]).not.toHaveProperty("model");
    expect(rows[0]?.body).toEqual({ messages: [user("a")] });
  });

  it("refuses a url that is not served, and says which are", async () => {
    const error = await failure('{"custom_id":"a","url":"/v1/images/generations","body":{"input":"x"}}');
    expect(error).toMatchObject({ name: "InputError", line: 1, exitCode: 2 });
    expect(error.message).toMatch(
      /^in\.jsonl line 1: requests to "\/v1\/images\/generations" cannot be sent {2}\(nothing was sent\)/,
    );
    expect(error.message).toContain("/chat/completions");
  });

  it("takes prompts, messages, strings, and the request fields beside them", async () => {
    const lines = [
      { prompt: "p", temperature: 0.5, metadata: { a: 1 }, max_tokens: null },
      { messages: [user("m")], max_tokens: 5, note: "column" },
      "just text",
    ];
    const { rows } = await read(lines.map((line) => JSON.stringify(line)).join("\n"), { params: { max_tokens: 9 } });
    expect(rows.map((row) => row.body)).toEqual([
      { messages: [user("p")], temperature: 0.5, max_tokens: 9 },
      { messages: [user("m")], max_tokens: 9 },
      { messages: [user("just text")], max_tokens: 9 },
    ]);
  });

  it("makes prompts of any columns, even where a row has a prompt of its own", async () => {
    const { rows } = await read('{"prompt":"own","q":"2+2?","temperature":1}\n', {
      prompt: "Q: {{q}} ({{prompt}})",
      system: "S {{q}}",
    });
    expect(rows[0]?.body).toEqual({ messages: [{ role: "system", content: "S 2+2?" }, user("Q: 2+2? (own)")] });
  });

  it("puts a system message before whole requests, once", async () => {
    const once = [{ role: "system", content: "S" }, user("a")];
    for (const messages of [[user("a")], once]) {
      const line = { custom_id: "a", url: "/v1/chat/completions", body: { messages, top_p: 1 } };
      const { rows } = await read(JSON.stringify(line), { system: "S" });
      expect(rows[0]?.body).toEqual({ messages: once, top_p: 1 });
    }
  });

  it("bounds the output of rows that set no bound themselves, whatever they call it", async () => {
    const fields = [{}, { max_tokens: 5 }, { max_completion_tokens: 6 }, { max_tokens: null }];
    const content = fields.map((row) => `${JSON.stringify({ prompt: "p", ...row })}\n`).join("");
    const bounded = (body: JsonObject): JsonObject =>
      (body["max_tokens"] ?? body["max_completion_tokens"] ?? null) === null
        ? { ...body, max_completion_tokens: 9 }
        : body;
    const { rows } = await read(content, { bounded });
    expect(rows.map(({ body }) => body["max_tokens"] ?? body["max_completion_tokens"])).toEqual([9, 5, 6, 9]);
    expect((await read(content, { bounded, params: { max_tokens: 1 } })).rows[0]?.body).toMatchObject({
      max_tokens: 1,
    });
  });

  it.each([
    [{ url: "/v1/responses", body: { input: "hi" } }, "responses", { input: "hi" }],
    [{ url: "/v1/embeddings", body: { input: ["a"] } }, "embeddings", { input: ["a"] }],
    [{ params: { max_tokens: 5, messages: [user("a")] } }, "messages", { max_tokens: 5, messages: [user("a")] }],
    [{ url: "/v1/messages", body: { messages: [user("a")] } }, "messages", { messages: [user("a")] }],
    [{ url: "/v4/chat/completions", body: { messages: [user("a")] } }, "chat", { messages: [user("a")] }],
  ])("takes %j for a whole request, in the format of its url", async (line, operation, body) => {
    const { rows } = await read(JSON.stringify({ custom_id: "a", ...line }), {});
    expect(rows[0]).toMatchObject({ operation, body });
  });

  it("names the columns of a row that asks nothing, and shows a template", async () => {
    const error = await failure('{"prompt":"x"}\n{"id":1,"question":"2+2?"}\n');
    expect(error.message.split("\n")).toEqual([
      "in.jsonl line 2: neither a prompt, nor messages, nor a request body  (nothing was sent)",
      '  {"id":1,"question":"2+2?"}',
      "  columns    id, question",
      "  make a prompt of its columns:  -p '… {{question}}'",
      "  begins at byte 15; run the others without it:  --input-errors skip",
    ]);
  });

  it("points at the place where a line stops being JSON", async () => {
    const error = await failure('{"prompt":"x"}\n\n{"custom_id":"row-3","body":{"model":"m",}}\n');
    expect(error.line).toBe(3);
    expect(error.message.split("\n")).toEqual([
      "in.jsonl line 3: not valid JSON  (nothing was sent)",
      '  {"custom_id":"row-3","body":{"model":"m",}}',
      `  ${" ".repeat(41)}^ unexpected }`,
      "  begins at byte 16; run the others without it:  --input-errors skip",
    ]);
  });

  it("shows no control characters and no endless lines", async () => {
    const error = await failure(`{"prompt":"${"漢".repeat(500)}\u001b[31m\u0007"}\n`);
    // eslint-disable-next-line no-control-regex -- the point is that there are none
    expect(error.message).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(Math.max(...error.message.split("\n").map((line) => line.length))).toBeLessThan(180);
  });

  it.each([
    ["[1]", "a row must be an object or a text, got a list"],
    ["null", "got null"],
    ['{"prompt":5}', '"prompt" must be a text, got a number'],
    ['{"messages":[]}', '"messages" must be a list of messages'],
    ['{"messages":[{"content":"x"}]}', "each with a role"],
    ['{"custom_id":"a","url":"/v1/chat/completions","body":{}}', '"body.messages" must be'],
    ['{"custom_id":"","prompt":"x"}', '"custom_id" must be a text of 1 to 512 characters or a number, got ""'],
    ['{"custom_id":{},"prompt":"x"}', "got {}"],
    [JSON.stringify({ custom_id: "x".repeat(513), prompt: "x" }), '"custom_id" must be'],
  ])("refuses %s", async (line, words) => {
    expect((await failure(`"fine"\n${line}\n`)).message).toContain(words);
  });

  it("suggests the column that was meant", async () => {
    const error = await failure('{"id":1,"review":"x"}\n', { prompt: "Of: {{reveiw}}" });
    expect(error.message.split("\n")).toEqual([
      "the prompt uses {{reveiw}}, but in.jsonl line 1 has no such column  (nothing was sent)",
      '  {"id":1,"review":"x"}',
      "  columns    id, review        did you mean {{review}}?",
      "  begins at byte 0",
    ]);
    expect((await failure('{"id":1,"q":"x"}', { prompt: "{{q}}", idColumn: "ids" })).message).toContain(
      'did you mean "id"?',
    );
  });

  it("allows a condition on a column that some rows lack, not one that all lack", async () => {
    const options = { prompt: "{{q}}{{#if hint}} ({{hint}}){{/if}}" };
    expect(asks((await read('{"q":"a","hint":"h"}\n{"q":"b"}\n', options)).rows)).toEqual(["a (h)", "b"]);
    expect((await failure('{"q":"a"}\n{"q":"b"}\n', options)).message).toContain("no row of in.jsonl has");
    expect((await read('{"q":"a"}\n{"q":"b","hint":1}\n', { ...options, limit: 1 })).rows).toHaveLength(1);
  });
});
