import { describe, expect, it } from "vitest";
import { sourceFolder } from "../../../test/fixtures/source-file.ts";
import type { Operation } from "../../call/call.ts";
import { CallError } from "../../call/call-error.ts";
import { knownVendor } from "../../provider/known-vendor.ts";
import { wireFormat } from "../../provider/wire-formats.ts";
import { failureRecord } from "../records/failure-record.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import type { RecordContext } from "../records/record-meta.ts";
import type { SourceOptions } from "./source-options.ts";

const { read } = sourceFolder();

/** How rows become requests of one format. */
const spoken = (operation: Operation, vendor: string): Pick<SourceOptions, "operation" | "encode"> => ({
  operation,
  encode: (input) => wireFormat(operation).encode?.(input, "m", knownVendor(vendor)) ?? {},
});

const formats = [
  ["messages", "anthropic", "/v1/messages"],
  ["generate", "gemini", "/v1beta/models/m:generateContent"],
  ["responses", "openai", "/v1/responses"],
  ["chat", "openai", "/v1/chat/completions"],
] as const;

const context: RecordContext = {
  model: "m",
  provider: "p",
  keyMask: "…",
  clock: new VirtualClock(),
  overrideModel: false,
  strict: false,
  nextId: () => "1",
};

const line = { prompt: "p", temperature: 0.5, max_tokens: 7, stop: "END", n: 1, seed: 3, note: "a column" };

describe("rows for other formats than OpenAI's chat", () => {
  it.each([
    [
      "messages",
      "anthropic",
      {
        max_tokens: 7,
        stop_sequences: ["END"],
        thinking: { type: "disabled" },
        messages: [{ role: "user", content: "p" }],
      },
    ],
    [
      "generate",
      "gemini",
      {
        contents: [{ role: "user", parts: [{ text: "p" }] }],
        generationConfig: { temperature: 0.5, maxOutputTokens: 7, stopSequences: ["END"], seed: 3 },
      },
    ],
  ] as const)(
    "say in %s what they say in OpenAI's words, and nothing that it would refuse",
    async (operation, vendor, body) => {
      const { rows } = await read(
        JSON.stringify({ ...line, thinking: { type: "disabled" } }),
        spoken(operation, vendor),
      );
      expect(rows[0]?.body).toEqual(body);
    },
  );

  it.each(formats)("that failed in %s are rows again, of the same format", async (operation, vendor, url) => {
    const settings = { ...spoken(operation, vendor), system: "Be kind." };
    const [row] = (await read(JSON.stringify({ custom_id: "a", ...line }), settings)).rows;
    if (row === undefined) throw new Error("no row");
    const error = new CallError("server", "no", { model: "m" });
    const failure = {
      ok: false,
      id: "a",
      index: 0,
      error,
      attempts: 1,
      retries: [],
      timing: { queuedMs: 0, totalMs: 1 },
    } as const;
    const written = failureRecord(row, failure, context);
    expect(JSON.parse(written)).toMatchObject({ url });
    expect((await read(written, settings)).rows[0]).toMatchObject({ operation, body: row.body });
  });

  it("keep their own bound and system message when the run adds one", async () => {
    const body = { max_tokens: 9, system: "Mine.", messages: [{ role: "user", content: "x" }] };
    const content = JSON.stringify({ custom_id: "a", url: "/v1/messages", body });
    const { rows } = await read(content, { ...spoken("messages", "anthropic"), system: "Be kind." });
    expect(rows[0]?.body).toEqual({ ...body, system: "Be kind.\n\nMine." });
  });
});
