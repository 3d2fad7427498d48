import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/call/json.ts";
import { parseDuration } from "../../src/cli/parse/parse-duration.ts";
import { parseHalt } from "../../src/cli/parse/parse-halt.ts";
import { parseMoney } from "../../src/cli/parse/parse-money.ts";
import { printable } from "../../src/cli/display/printable.ts";
import { printableStream } from "../../src/cli/display/printable-stream.ts";
import { readAnswer } from "../../src/client/structured/read-answer.ts";
import { readErrorBody } from "../../src/provider/error-body.ts";
import { createEventStream } from "../../src/provider/event-stream.ts";
import { excerpt } from "../../src/provider/excerpt.ts";
import { quotaClaim } from "../../src/provider/quota-claim.ts";
import { createRedactor } from "../../src/provider/redact.ts";
import { retryAfterBodyMs, retryAfterHeaderMs } from "../../src/provider/retry-after.ts";
import { compileTemplate } from "../../src/run/source/template.ts";
import { usualAttacks } from "./adversarial-texts.ts";
import { canary } from "./canary.ts";
import { slowness } from "./growth.ts";

const quietly =
  (read: (text: string) => unknown) =>
  (text: string): void => {
    try {
      read(text);
    } catch {
      // To refuse it is an answer; here only the time counts.
    }
  };

const readEvents = (text: string): void => {
  const stream = createEventStream({ onEvent: () => {} });
  stream.feed(Buffer.from(text));
  stream.end();
};

const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as const;

const redactor = createRedactor(canary);

const readers: readonly (readonly [string, (text: string) => unknown, readonly string[]])[] = [
  [
    "Retry-After",
    (text) => retryAfterHeaderMs({ "retry-after": text, "retry-after-ms": text }, 0),
    ["1s", "1h", "Mon, "],
  ],
  [
    "words that ask to wait",
    (text) => retryAfterBodyMs(text, undefined),
    ["try again in ", "try again in 1s, ", "1s "],
  ],
  ["durations", (text) => parseDuration(text, "--timeout"), ["1s", "1h1m"]],
  ["money", (text) => parseMoney(text, "--max-cost"), ["1,", "$", "1."]],
  ["rules that halt", (text) => parseHalt(text, "--halt"), ["now,", "fail=", "1%"]],
  [
    "claims of quotas",
    (text) => quotaClaim(readErrorBody({ error: { message: text } } as JsonValue)),
    ["limit ", "limit: 1,", "requested "],
  ],
  ["events", readEvents, ["data: ", "data:\n", "event:\r", "\r\n", '{"a": 1,\n', "[{", ":"]],
  ["pages as messages", (text) => excerpt(text), ["<title", "<script ", "</style>", "<title>", "< "]],
  ["pages behind a tag", (text) => excerpt(`<p>${text}`), ["<title", "<script>", "<style", "</script"]],
  ["answers in a fence", (text) => void readAnswer(`\`\`\`${text}`, schema), ["```", "```\n", "\n", "``` ", "json "]],
  [
    "keys in messages",
    (text) => redactor.value({ [text.slice(0, 9)]: text }),
    ["sk-", "sk-.", "bearer ", canary, canary.slice(0, 9), "bearer"],
  ],
  ["text for a terminal", printable, ["\u001b[", "\u001b]", "\u001b]0;", "\r"]],
  ["text for a terminal in pieces", (text) => printableStream().push(text), ["\u001b[", "\u001b]", "\u001b"]],
  ["templates", (text) => compileTemplate(text, "prompt"), ["{{", "{{a}}", "{{#if a}}", "{{/if}}", "{{a|", "{{#if "]],
];

describe("what reads texts of others", () => {
  it.each(readers)("takes linear time for %s of 100 KB and more", (_, read, units) => {
    const faults = usualAttacks(units).map((attack) => slowness(attack, quietly(read)));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });
});
