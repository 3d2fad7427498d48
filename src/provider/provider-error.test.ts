import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { ProviderOptions } from "./provider.ts";
import { desertedOrigin } from "../../test/fixtures/http-server.ts";
import { call, context, provider, serveProvider, vendor } from "../../test/fixtures/provider-call.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";

const failure = async (listener: RequestListener, options: Partial<ProviderOptions> = {}): Promise<CallError> => {
  const outcome = await provider(await serveProvider(listener), options)(call(), context()).catch(
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(CallError);
  return outcome as CallError;
};

const key = "sk-proj-abcdefghijklmnopqrstuvwxa1f3";

describe("an error answer", () => {
  it("says what the provider said, and carries what is known", async () => {
    const body = { error: { message: "Rate limit reached", type: "tokens", code: "rate_limit_exceeded" } };
    const error = await failure(answering(429, body, { "x-request-id": "r9", "retry-after": "2" }));
    expect(error.message).toBe("openai answered 429: Rate limit reached");
    expect(error).toMatchObject({
      code: "throttled",
      retryable: true,
      status: 429,
      provider: "openai",
      model: "m",
      requestId: "r9",
      retryAfterMs: 2000,
      attempts: 2,
      body,
    });
  });

  it("waits as the words of a 429 say, up to two minutes; longer is a quota that is used up", async () => {
    const saying = (words: string) => answering(429, { error: { message: words, code: "rate_limit_exceeded" } });
    expect(await failure(saying("Please try again in 8.71s."))).toMatchObject({
      code: "throttled",
      retryAfterMs: 8710,
    });
    expect(await failure(saying("Please try again in 2m0s."))).toMatchObject({ code: "throttled" });
    expect(await failure(saying("Please try again in 7m12s."))).toMatchObject({
      code: "quota_exhausted",
      retryable: false,
      retryAfterMs: 432_000,
    });
  });

  it("obeys x-should-retry, but not against what can never succeed", async () => {
    const should = (status: number, word: string, message = "m") =>
      failure(answering(status, { error: { message } }, { "x-should-retry": word }));
    expect((await should(500, "false")).retryable).toBe(false);
    expect((await should(400, "true")).retryable).toBe(true);
    expect((await should(429, "true", "Request too large: Limit 10, Requested 20")).retryable).toBe(false);
  });

  it("names the address of a redirect and sends nothing there", async () => {
    let visited = 0;
    const elsewhere = await serveProvider(() => visited++);
    const error = await failure(answering(308, "", { location: `${elsewhere}/chat` }));
    expect(error).toMatchObject({ code: "invalid_request", retryable: false, status: 308 });
    expect(error.message).toContain(elsewhere);
    expect(visited).toBe(0);
  });

  it("shows the words of a page, without its markup", async () => {
    const page = "<html><head><title>502 Bad\u0007 Gateway</title></head><body>nginx</body></html>";
    const error = await failure(answering(502, page, { "content-type": "text/html" }));
    expect(error).toMatchObject({ code: "server", message: "openai answered 502: 502 Bad Gateway" });
  });

  it("never shows the key", async () => {
    const body = { error: { message: `Incorrect API key provided: ${key}.`, code: "invalid_api_key", [key]: [key] } };
    const error = await failure(answering(401, body), { apiKey: key });
    expect(error).toMatchObject({ code: "auth", retryable: false });
    expect(error.message).toBe("openai answered 401: Incorrect API key provided: sk-…a1f3.");
    expect(JSON.stringify([error.body, error.stack, error.cause])).not.toContain("abcdefgh");
  });

  it("is classified by its status even when its body is cut", async () => {
    const error = await failure((_, response) => {
      response.writeHead(503, { "content-length": "100" });
      response.write('{"error":', () => response.destroy());
    });
    expect(error).toMatchObject({ code: "overloaded", status: 503 });
  });
});

describe("a 200 that is none", () => {
  it.each([
    ["an HTML page", "<!doctype html><p>Sign in", "an HTML page: Sign in"],
    ["nothing", "", "an empty body"],
    ["text", "OK\u0000!", "a body that is not JSON: OK !"],
    ["a cut text", '{"choices":[', "a body that is not JSON"],
    ["no answer", '{"id":"x"}', "a body without an answer"],
    ["null", "null", "a body that is not JSON"],
  ])("is malformed when it is %s", async (_, body, words) => {
    const error = await failure(answering(200, body));
    expect(error).toMatchObject({ code: "malformed", retryable: true, status: 200 });
    expect(error.message).toContain(words);
  });

  it("is malformed when it is cut", async () => {
    const error = await failure((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"choices":', () => response.destroy());
    });
    expect(error).toMatchObject({ code: "malformed", retryable: true, status: 200 });
  });

  it("is classified by the error inside", async () => {
    const inside = (body: object, name = "openrouter") => failure(answering(200, body), { vendor: vendor(name) });
    expect(await inside({ error: { code: 429, message: "slow" } })).toMatchObject({ code: "throttled" });
    expect(await inside([{ error: { code: 404, message: "no" } }])).toMatchObject({ code: "not_found" });
    expect(await inside({ choices: [{ error: { code: 502, message: "up" } }] })).toMatchObject({ code: "server" });
    expect(await inside({ object: "error", message: "m", code: 400 })).toMatchObject({ code: "invalid_request" });
    expect(await inside({ code: "1302", message: "m" }, "zhipu")).toMatchObject({ code: "throttled" });
  });

  it("is a failure when the server broke off the answer", async () => {
    const body = { choices: [{ message: { content: "a" }, finish_reason: "insufficient_system_resource" }] };
    expect(await failure(answering(200, body), { vendor: vendor("deepseek") })).toMatchObject({ code: "overloaded" });
  });

  it("is refused, and not paid again, above the bound", async () => {
    const error = await failure(answering(200, `{"a":"${"x".repeat(1000)}"}`), { maxBodyBytes: 500 });
    expect(error).toMatchObject({ code: "malformed", retryable: false });
  });
});

describe("no answer", () => {
  it("is unreachable when nobody listens", async () => {
    const baseURL = `${await desertedOrigin()}/v1`;
    const error = await provider(baseURL)(call(), context()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network", retryable: true, unreachable: true });
    expect(String(error)).toContain("could not be reached at http://127.0.0.1");
  });

  it("is a broken connection when the socket closes before the head", async () => {
    const error = await failure((request) => void request.socket.destroy());
    expect(error).toMatchObject({ code: "network", retryable: true, unreachable: false });
  });

  it("is a broken connection when the answer is not HTTP, and quotes none of it", async () => {
    const error = await failure((request) => void request.socket.end(`SSH-2.0 ${key}\r\n`));
    expect(error).toMatchObject({ code: "network", unreachable: false });
    expect(error.cause).toBeUndefined();
  });
});
