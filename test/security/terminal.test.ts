/* oxlint-disable no-control-regex -- control characters are what this is about */
import { mkdir, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder } from "../e2e/cli.ts";
import { serve } from "../fixtures/http-server.ts";
import { command, type CommandPlace } from "./captured-command.ts";

/** Colours, a title, a link, the clipboard, C0, C1, DEL, marks that turn text, and a return that writes over. */
const steering =
  "a\u001b[38;5;199mb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u001b]52;c;aGk=\u0007e\u009b38;5;199mf\u009d0;g\u009c" +
  "\u0000\u0008\u000b\u007f\u0085\u202e\u2066\u200fh\rOVER\u001b[2Ji\u001bPq\u001b\\\u001bc";

/** What no output for people may hold, whatever the program itself draws with. */
const steers =
  /\u001b(?:\]|P|c|\[38;5;199m|\[2J)|[\u0000\u0007\u0008\u000b\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|\rOVER/;

/** The same where nothing is drawn. */
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/;

const answer = (content: string, model: string): string =>
  JSON.stringify({
    id: "a",
    model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  });

/** A provider whose every text steers. */
const hostile = (): Promise<string> =>
  serve((request, response) => {
    let text = "";
    request.on("data", (piece) => (text += String(piece)));
    request.on("end", () => {
      const bad = text.includes("fail");
      response.writeHead(bad ? 400 : 200, { "content-type": "application/json" });
      const list = { object: "list", data: [{ id: steering, context_length: 9 }] };
      if (request.method === "GET") response.end(JSON.stringify(list));
      else
        response.end(
          bad ? JSON.stringify({ error: { message: steering, code: steering } }) : answer(steering, steering),
        );
    });
  });

const place = async (
  terminal: boolean,
): Promise<CommandPlace & { readonly url: string; readonly at: (name: string) => string }> => {
  const [origin, at] = [await hostile(), await folder()];
  return {
    url: `${origin}/v1`,
    at,
    folder: at("."),
    terminal,
    environment: { SLUICE_CACHE: "off", NO_COLOR: "1", LANG: "C.UTF-8" },
  };
};

/** A name that a file may have, and a terminal would obey. */
const fileName = "rows\u001b]0;t\u0007\u202e\rOVER.jsonl";

const rows = ["fine", "fail", "fine"].map((prompt, row) => JSON.stringify({ custom_id: `${row}${steering}`, prompt }));

describe("what others wrote", () => {
  it.each([
    ["plain", ["--progress", "plain"], controls],
    ["live", ["--progress", "tty"], steers],
    ["not", ["--progress", "none"], controls],
  ])("never steers the terminal of a run that is shown %s", async (_, flags, forbidden) => {
    const here = await place(true);
    await writeFile(here.at(fileName), `${rows.join("\n")}\n`);
    const words = ["run", here.at(fileName), "-m", `m${steering}`, "--base-url", here.url, "--retries", "0", ...flags];
    const { code, stderr, stdout } = await command(words, here);
    expect(code).toBe(3);
    expect(stderr).toContain("OVER");
    expect(forbidden.exec(stderr + stdout)).toBeNull();
  });

  it("is escaped in the events of --json, one line each", async () => {
    const here = await place(false);
    await writeFile(here.at("rows.jsonl"), `${rows.join("\n")}\n`);
    const words = ["run", here.at("rows.jsonl"), "-m", "m", "--base-url", here.url, "--retries", "0", "--json"];
    const { stdout, stderr } = await command(words, here);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => "object"));
    expect(/[\u0000-\u0009\u000b-\u001f]/.exec(stdout)).toBeNull();
    expect(controls.exec(stderr)).toBeNull();
  });

  it("never steers the terminal that an answer goes to, and goes into a pipe as it is", async () => {
    const here = await place(true);
    const words = ["ask", "hi", "--no-stream", "-m", "m", "--base-url", here.url];
    const shown = await command(words, here);
    expect(shown.stdout).toContain("OVER");
    expect(controls.exec(shown.stdout.replaceAll("\t", ""))).toBeNull();
    const piped = await command(words, { ...here, terminal: false });
    expect(piped.stdout).toBe(`${steering}\n`);
    const asJson = await command([...words, "--json"], { ...here, terminal: false });
    expect(/[\u0000-\u0009\u000b-\u001f]/.exec(asJson.stdout)).toBeNull();
    expect((JSON.parse(asJson.stdout) as { text: string }).text).toBe(steering);
  });

  it("never steers the terminal that tells of faults, models, settings and flags", async () => {
    const here = await place(true);
    await mkdir(here.at("bad"));
    await writeFile(here.at("bad/sluice.config.json"), JSON.stringify({ model: steering, [`x${steering}`]: 1 }));
    await writeFile(here.at("sluice.config.json"), JSON.stringify({ model: `m${steering}`, baseURL: here.url }));
    await writeFile(here.at("rows.jsonl"), `{"prompt":"x","${"b\\u001b]0;t\\u0007".repeat(2)}": \u001b]0;t\u0007}\n`);
    await writeFile(here.at("columns.jsonl"), `${JSON.stringify({ [steering]: "x", other: 1 })}\n`);
    const lines: readonly (readonly string[])[] = [
      ["ask", "fail", "-m", `m${steering}`, "--base-url", here.url],
      ["ask", "hi", "-m", `${steering}/m`],
      ["models", "--live", "--base-url", here.url],
      ["models", steering],
      ["config"],
      ["config", "--origin"],
      ["config", "--config", here.at("bad/sluice.config.json")],
      ["run", here.at("rows.jsonl")],
      ["run", here.at("columns.jsonl")],
      ["run", here.at("columns.jsonl"), "--prompt", `{{${steering}x}}`],
      ["run", `no\u001b]0;t\u0007 such file\rOVER`],
      ["run", here.at("columns.jsonl"), "--rpm", steering],
      [`x${steering}`],
      ["run", "--x\u001b]0;t\u0007"],
      ["doctor"],
      ["limits"],
    ];
    const told: string[] = [];
    for (const words of lines) {
      const { stdout, stderr } = await command(words, here);
      if (controls.test(stdout + stderr)) told.push(`${JSON.stringify(words)}: ${JSON.stringify(stdout + stderr)}`);
      expect({ words, told: stdout + stderr }).not.toMatchObject({ told: "" });
    }
    expect(told).toEqual([]);
  });
});
