import { describe, expect, it } from "vitest";
import { runLookWords } from "../display/run-look-words.ts";
import { styleOf } from "../display/style.ts";
import { requestTurns } from "./request-turns.ts";
import { type RowFacts, rowLines } from "./row-lines.ts";
import { rowRecord } from "./row-record.ts";

describe("the turns of a request", () => {
  it("are found in every format", () => {
    const turns = [
      { role: "system", text: "Be short." },
      { role: "user", text: "hi" },
    ];
    const parts = [{ text: "hi" }];
    for (const body of [
      {
        messages: [
          { role: "system", content: "Be short." },
          { role: "user", content: "hi" },
        ],
      },
      {
        system: [{ type: "text", text: "Be short." }],
        messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
      },
      { instructions: "Be short.", input: "hi" },
      { instructions: "Be short.", input: [{ role: "user", content: [{ type: "input_text", text: "hi" }] }] },
      { systemInstruction: { parts: [{ text: "Be short." }] }, contents: [{ role: "user", parts }] },
    ]) {
      expect(requestTurns(body)).toEqual(turns);
    }
  });

  it("show of a picture that it is one, and of a tool's call what it says", () => {
    const picture = { type: "image_url", image_url: { url: `data:${"x".repeat(1e5)}` } };
    const call = { role: "assistant", content: null, tool_calls: [{ id: "1" }] };
    expect(requestTurns({ messages: [{ role: "user", content: [picture] }, call] })).toEqual([
      { role: "user", text: "[image_url]" },
      { role: "assistant", text: JSON.stringify(call) },
    ]);
    expect(requestTurns({ model: "m" })).toEqual([]);
  });
});

const answered = {
  id: "req_1",
  custom_id: "a",
  response: { status_code: 200, body: { choices: [{ index: 0, message: { content: "Paris\u001b[2J\n\tyes" } }] } },
  error: null,
  meta: {
    model: "openai/m",
    key: "sk-…a1f3",
    attempts: 3,
    queued_ms: 200,
    latency_ms: 2300,
    finished_at: "2026-01-01T00:00:00.000Z",
    tokens: { input: 1200, output: 30, cached: 0 },
    cost: { amount: 0.0012, currency: "USD" },
    possibly_paid: 2,
    retries: [
      { code: "throttled", status: 429, waited_ms: 4000 },
      { code: "timeout", waited_ms: 0 },
    ],
  },
};

const lines = (facts: Partial<RowFacts>, chinese = false): readonly string[] =>
  rowLines(
    { id: "a", file: "out.jsonl", request: { body: { messages: [{ role: "user", content: "Where?" }] } }, ...facts },
    styleOf({ columns: 100, colour: false, ascii: false, chinese }),
    runLookWords(chinese),
  );

describe("a row", () => {
  it("shows what was asked and answered, the attempts, the time and what it cost", () => {
    expect(lines({ record: rowRecord(answered) })).toEqual([
      "a   answered   out.jsonl",
      "  model     openai/m   key sk-…a1f3",
      "  calls     3 attempts   throttled 429, waited 4.0s   timeout",
      "  time      queued 0.20s   answer 2.3s   finished 2026-01-01T00:00:00.000Z",
      "  tokens    1,200 in   30 out",
      "  cost      $0.0012",
      "  paid      2 attempts without an answer may have been charged",
      "",
      "user",
      "  Where?",
      "",
      "answer",
      "  Paris",
      "  \tyes",
    ]);
  });

  it("shows why it failed, and the text that there was", () => {
    const record = rowRecord({
      custom_id: "a",
      response: null,
      error: { code: "interrupted", message: "it broke off" },
      meta: { error_code: "interrupted", partial: "The capital" },
      body: { messages: [] },
    });
    expect(lines({ record })).toEqual([
      "a   failed: interrupted   out.jsonl",
      "",
      "user",
      "  Where?",
      "",
      "message",
      "  it broke off",
      "",
      "the text so far",
      "  The capital",
    ]);
  });

  it("says what is not known", () => {
    expect(lines({ request: { missing: "the input is gone" }, whereabouts: "in flight" })).toEqual([
      "a   no outcome yet: in flight   out.jsonl",
      "",
      "  the input is gone",
    ]);
  });

  it("shows the answers of every format, refusals and the calls of tools", () => {
    const text = (body: object): string | undefined =>
      rowRecord({ custom_id: "a", response: { status_code: 200, body: JSON.parse(JSON.stringify(body)) }, error: null })
        .answer;
    expect(text({ type: "message", role: "assistant", content: [{ type: "text", text: "hi" }] })).toBe("hi");
    expect(text({ output: [{ type: "message", content: [{ type: "output_text", text: "hi" }] }] })).toBe("hi");
    expect(text({ candidates: [{ content: { parts: [{ text: "hi" }] } }] })).toBe("hi");
    expect(text({ choices: [{ index: 0, message: { content: null, refusal: "no" } }] })).toBe("no");
    const call = { id: "1", type: "function", function: { name: "look", arguments: "{}" } };
    expect(text({ choices: [{ index: 0, message: { content: null, tool_calls: [call] } }] })).toBe("look({})");
    expect(text({ strange: true })).toBe("");
  });
});
