import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { createLLM } from "sluice";
import { afterEach, describe, expect, it } from "vitest";
import { parseParams } from "../../src/cli/parse/parse-params.ts";
import { createPriceBook } from "../../src/provider/prices/price-book.ts";
import { folder, readRecords } from "../e2e/cli.ts";
import { serve } from "../fixtures/http-server.ts";
import { command } from "./captured-command.ts";

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const keysOf = (): string => JSON.stringify(prototypes.map((one) => Reflect.ownKeys(one).map(String)));
const before = keysOf();

afterEach(() => {
  expect(keysOf()).toBe(before);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

const evil = ["__proto__", "constructor", "prototype", "polluted", "toString", "hasOwnProperty", "valueOf", "then"];
const names = fc.oneof(fc.constantFrom(...evil), fc.stringMatching(/^[a-z]{1,4}$/));

/** JSON texts with names that would reach into prototypes if they were assigned. */
const evilJson = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constantFrom("1", '"x"', "true", "null"), tie("object"), tie("list")),
  object: fc
    .array(fc.tuple(names, tie("value")), { maxLength: 4 })
    .map((entries) => `{${entries.map(([name, value]) => `"${String(name)}":${String(value)}`).join(",")}}`),
  list: fc.array(tie("value"), { maxLength: 3 }).map((values) => `[${values.map(String).join(",")}]`),
}));

const chat =
  '{"id":"a","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}]';

describe("names that reach into prototypes", () => {
  it("are plain data in what a provider answers, good or bad, whole or streamed", async () => {
    let answer = "";
    let [status, type] = [200, "application/json"];
    const url = await serve((_, response) => {
      response.writeHead(status, { "content-type": type });
      response.end(answer);
    });
    await using llm = createLLM({
      baseURL: `${url}/v1`,
      model: "m",
      retry: 0,
      breaker: false,
      timeout: { total: 2000 },
    });
    await fc.assert(
      fc.asyncProperty(evilJson.object, fc.integer({ min: 0, max: 3 }), async (object, kind) => {
        const text = String(object);
        status = kind === 1 ? 400 : 200;
        type = kind >= 2 ? "text/event-stream" : "application/json";
        const delta = `{"choices":[{"index":0,"delta":${text.replace(/^\{/, '{"content":"fine",').replace(",}", "}")},"finish_reason":"stop"}]}`;
        answer =
          [
            `${chat},"__proto__":${text},"usage":${text}}`,
            `{"error":${text},"__proto__":${text}}`,
            `data: ${delta}\n\ndata: [DONE]\n\n`,
            `data: {"error":${text}}\n\n`,
          ][kind] ?? "";
        await llm.chat({ prompt: "hi", stream: kind >= 2 }).catch(() => undefined);
        expect(keysOf()).toBe(before);
      }),
      { numRuns: 80 },
    );
  });

  it("are plain data in -P, wherever they stand in a path", () => {
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 4 }), evilJson.value, (path, value) => {
        const params = parseParams([`${path.join(".")}=${String(value)}`]);
        let at: unknown = params;
        for (const name of path) {
          expect(Object.hasOwn(at as object, name)).toBe(true);
          at = Object.getOwnPropertyDescriptor(at, name)?.value;
        }
        expect(JSON.stringify(at)).toBe(JSON.stringify(JSON.parse(String(value))));
        expect(keysOf()).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it("are data in rows, batch bodies, CSV headers and ids", async () => {
    const bodies: string[] = [];
    const url = await serve((request, response) => {
      let text = "";
      request.on("data", (piece) => (text += String(piece)));
      request.on("end", () => {
        bodies.push(text);
        response.writeHead(200, { "content-type": "application/json" });
        response.end(`${chat},"__proto__":{"polluted":1}}`);
      });
    });
    const at = await folder();
    const place = { folder: at("."), environment: { SLUICE_CACHE: "off" } };
    const to = ["-m", "m", "--base-url", `${url}/v1`, "--progress", "none"];
    const batch =
      '{"custom_id":"__proto__","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"hi","__proto__":{"polluted":3}}],"__proto__":{"polluted":4}}}';
    await writeFile(
      at("a.jsonl"),
      `{"custom_id":"constructor","prompt":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}\n${batch}\n`,
    );
    const run = await command(
      [
        "run",
        at("a.jsonl"),
        "-o",
        at("a.out.jsonl"),
        ...to,
        "-P",
        "__proto__.polluted=1",
        "-P",
        "constructor.prototype.polluted=1",
      ],
      place,
    );
    expect(run.code).toBe(0);
    expect((await readRecords(at("a.out.jsonl"))).map((record) => record.custom_id).toSorted()).toEqual([
      "__proto__",
      "constructor",
    ]);
    expect(bodies.every((body) => body.includes('"__proto__":{"polluted":1}'))).toBe(true);
    await writeFile(at("b.csv"), "__proto__,constructor,id\nfirst,second,prototype\n");
    const table = await command(
      [
        "run",
        at("b.csv"),
        "-o",
        at("b.out.jsonl"),
        ...to,
        "--prompt",
        "{{__proto__}} and {{constructor}}",
        "--id-column",
        "id",
      ],
      place,
    );
    expect(table.code).toBe(0);
    expect(bodies.at(-1)).toContain("first and second");
    expect(keysOf()).toBe(before);
  });

  it.each([
    ["sluice.config.json", '{"__proto__": {"polluted": 1}}'],
    ["sluice.config.json", '{"providers": {"__proto__": {"baseURL": "http://127.0.0.1:1/v1", "polluted": 1}}}'],
    ["sluice.config.json", '{"providers": {"openai": {"constructor": {"prototype": {"polluted": 1}}}}}'],
    ["sluice.config.json", '{"limits": {"__proto__": {"polluted": 1}}}'],
    ["sluice.config.yaml", "__proto__:\n  polluted: 1\n"],
    ["sluice.config.yaml", "__proto__: &a\n  polluted: 1\nlimits:\n  <<: *a\n"],
    ["sluice.config.yaml", "constructor:\n  prototype:\n    polluted: 1\n"],
  ])("are refused in %s: %s", async (name, text) => {
    const at = await folder();
    await writeFile(at(name), text);
    const { code, stderr } = await command(["config"], { folder: at(".") });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: unknown key .*(?:__proto__|constructor|polluted)/) as string,
    });
  });

  it("are names like any other for providers, deployments and prices", async () => {
    const at = await folder();
    await writeFile(
      at("sluice.config.json"),
      '{"model": "__proto__/m", "providers": {"__proto__": {"baseURL": "http://127.0.0.1:1/v1"}}, "deployments": {"constructor": ["__proto__/m"]}}',
    );
    const { code, stdout, stderr } = await command(["config", "--json"], { folder: at(".") });
    expect(code === 0 ? stdout : stderr).toContain("__proto__");
    const overrides = JSON.parse(
      '{"__proto__/m": {"input": 1, "output": 2}, "constructor/*": {"input": 1, "output": 2}}',
    ) as Record<string, { input: number; output: number }>;
    expect(() => createPriceBook({ overrides })).not.toThrow();
    expect(keysOf()).toBe(before);
  });
});
