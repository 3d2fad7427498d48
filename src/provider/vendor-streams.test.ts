import { describe, expect, it } from "vitest";
import type { StreamEvent } from "../call/stream-event.ts";
import { call, context, provider, serveProvider, vendor } from "../../test/fixtures/provider-call.ts";
import { done, event, open, piece, stop, streaming } from "../../test/fixtures/streamed-answer.ts";
import { ask } from "../../test/fixtures/streamed-call.ts";

const from = async (name: string, ...pieces: readonly string[]) => {
  const texts: string[] = [];
  const baseURL = await serveProvider(streaming(...pieces));
  const onEvent = ({ text }: StreamEvent): void => void texts.push(text);
  const error: unknown = await ask(baseURL, { onEvent }, { vendor: vendor(name) }).catch((reason: unknown) => reason);
  return { error, texts };
};

describe("a call that waits in a vendor's line", () => {
  const answer = { choices: [{ message: { content: "a" }, finish_reason: "stop" }] };

  it("is kept alive by blank lines before DeepSeek's answer", async () => {
    const baseURL = await serveProvider((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("\n");
      setImmediate(() => response.write("\n\n", () => response.end(JSON.stringify(answer))));
    });
    const reply = await provider(baseURL, { vendor: vendor("deepseek") })(call(), context());
    expect(reply.body).toEqual(answer);
  });

  it.each([
    ["deepseek", ": keep-alive\n\n"],
    ["openrouter", ": OPENROUTER PROCESSING\n\n"],
  ])("is kept alive by comments in the stream of %s", async (name, comment) => {
    const progress: string[] = [];
    const baseURL = await serveProvider(streaming(comment, comment, piece("a"), stop, done));
    const onProgress = (step: string): void => void progress.push(step);
    await ask(baseURL, { onProgress }, { vendor: vendor(name) });
    expect(progress).toEqual(["head", "content"]);
  });

  it("fails when DeepSeek gives up on it", async () => {
    const gaveUp = event({ choices: [{ index: 0, delta: {}, finish_reason: "insufficient_system_resource" }] });
    expect((await from("deepseek", piece("a"), gaveUp, done)).error).toMatchObject({ code: "overloaded" });
  });
});

describe("an error in a stream", () => {
  it("is OpenRouter's, beside a finish reason", async () => {
    const failed = event({
      id: "c",
      error: { code: 502, message: "Provider disconnected unexpectedly" },
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
    });
    expect(await from("openrouter", piece("a"), failed, done)).toMatchObject({
      error: { code: "server", status: 200, retryable: true },
      texts: ["a"],
    });
    const inChoice = event({ choices: [{ index: 0, delta: {}, error: { code: 429, message: "m" } }] });
    expect((await from("openrouter", piece("a"), inChoice)).error).toMatchObject({ code: "throttled" });
    const bare = event({ choices: [{ index: 0, delta: {}, finish_reason: "error" }] });
    expect((await from("openrouter", piece("a"), bare, done)).error).toMatchObject({ code: "server" });
  });

  it("is vLLM's, with [DONE] behind it", async () => {
    const failed = event({ error: { message: "m", type: "InternalServerError", param: null, code: 500 } });
    expect(await from("vllm", piece("a"), failed, done)).toMatchObject({ error: { code: "server" }, texts: ["a"] });
    const bad = event({ error: { message: "m", type: "BadRequestError", param: null, code: 400 } });
    expect((await from("vllm", bad, done)).error).toMatchObject({ code: "invalid_request", retryable: false });
  });

  it("is OpenAI's, named or not", async () => {
    const error = { message: "m", type: "server_error", param: null, code: null };
    expect((await from("openai", piece("a"), event({ error }))).error).toMatchObject({ code: "server" });
    const named = `event: error\n${event({ error: { ...error, type: "tokens", code: "rate_limit_exceeded" } })}`;
    expect((await from("openai", piece("a"), named)).error).toMatchObject({ code: "throttled" });
  });

  it("is MiniMax's, in place of choices", async () => {
    const failed = event({ id: "c", choices: null, base_resp: { status_code: 1039, status_msg: "token limit" } });
    expect((await from("minimax", failed)).error).toMatchObject({ code: "throttled", retryable: true });
    const fine = event({ choices: [], base_resp: { status_code: 0, status_msg: "" } });
    expect((await from("minimax", piece("a"), stop, fine)).texts).toEqual(["a", "", ""]);
  });

  it("may come whole in place of the stream", async () => {
    const baseURL = await serveProvider((_, response) => {
      open(response).end('{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}');
    });
    await expect(ask(baseURL, {}, { vendor: vendor("llamacpp") })).rejects.toMatchObject({ code: "overloaded" });
  });
});
