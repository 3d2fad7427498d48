import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { desertedOrigin, serve } from "../../test/fixtures/http-server.ts";
import { openTransport } from "../../test/fixtures/open-transport.ts";
import { listModels, requestModels } from "./model-list.ts";
import { knownVendor } from "./known-vendor.ts";

const never = new AbortController().signal;
const key = "sk-0123456789abcdef-a1f3";

interface Served {
  readonly origin: string;
  readonly requests: readonly IncomingMessage[];
}

/** A server that answers each request with the next of the bodies. */
const listing = async (bodies: readonly unknown[], status = 200): Promise<Served> => {
  const requests: IncomingMessage[] = [];
  const origin = await serve((request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(bodies[requests.length] ?? bodies.at(-1)));
    requests.push(request);
  });
  return { origin, requests };
};

const list = (vendor: string, baseURL: string): ReturnType<typeof listModels> =>
  listModels({ vendor: knownVendor(vendor), baseURL, apiKey: key }, openTransport(), never);

describe("the list of models", () => {
  it("is read as OpenAI sends it, with the context where the server tells it", async () => {
    const data = [{ id: "a", context_length: 8000 }, { id: "b", max_model_len: 4096 }, { id: "c" }, { nothing: 1 }];
    const { origin, requests } = await listing([{ object: "list", data }]);
    expect(await list("openai", `${origin}/v1`)).toEqual([
      { id: "a", contextTokens: 8000 },
      { id: "b", contextTokens: 4096 },
      { id: "c" },
    ]);
    expect(requests[0]?.url).toBe("/v1/models");
    expect(requests[0]?.headers).toMatchObject({ authorization: `Bearer ${key}` });
  });

  it("is read page for page as Anthropic sends it", async () => {
    const { origin, requests } = await listing([
      { data: [{ id: "claude-1", max_input_tokens: 200_000 }], has_more: true, last_id: "claude-1" },
      { data: [{ id: "claude-2" }], has_more: false, last_id: "claude-2" },
    ]);
    const models = await list("anthropic", `${origin}/v1`);
    expect(models).toEqual([{ id: "claude-1", contextTokens: 200_000 }, { id: "claude-2" }]);
    expect(requests.map(({ url }) => url)).toEqual([
      "/v1/models?limit=1000",
      "/v1/models?limit=1000&after_id=claude-1",
    ]);
    expect(requests[0]?.headers).toMatchObject({ "x-api-key": key, "anthropic-version": expect.any(String) as string });
  });

  it("is read page for page as Gemini sends it, without the collection before the name", async () => {
    const { origin, requests } = await listing([
      { models: [{ name: "models/gemini-x", inputTokenLimit: 1_048_576 }], nextPageToken: "t" },
      { models: [{ name: "models/gemini-y" }] },
    ]);
    const models = await list("gemini", `${origin}/v1beta`);
    expect(models).toEqual([{ id: "gemini-x", contextTokens: 1_048_576 }, { id: "gemini-y" }]);
    expect(requests[1]?.url).toBe("/v1beta/models?pageSize=1000&pageToken=t");
    expect(requests[0]?.headers).toMatchObject({ "x-goog-api-key": key });
  });

  it("may be a bare list, and ends when a server repeats its page for ever", async () => {
    const bare = await listing([[{ id: "a" }]]);
    expect(await list("together", bare.origin)).toEqual([{ id: "a" }]);
    const endless = await listing([{ data: [{ id: "a" }], has_more: true, last_id: "a" }]);
    expect(await list("openai", endless.origin)).toEqual([{ id: "a" }]);
    expect(endless.requests).toHaveLength(2);
  });

  it("keeps the version that dates Azure's API", async () => {
    const { origin, requests } = await listing([{ data: [] }]);
    await list("azure", `${origin}?api-version=2024-10-21`);
    expect(requests[0]?.url).toBe("/openai/models?api-version=2024-10-21");
    expect(requests[0]?.headers).toMatchObject({ "api-key": key });
  });
});

describe("a list of models that does not come", () => {
  it("is classified by what the server answers, and never shows the key", async () => {
    const { origin } = await listing([{ error: { message: `Incorrect API key provided: ${key}` } }], 401);
    const failure = await list("openai", origin).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "CallError", code: "auth", status: 401 });
    expect(String(failure)).not.toContain("0123456789abcdef");
  });

  it("is malformed when the answer is something else", async () => {
    const { origin } = await listing([{ hello: "world" }]);
    await expect(list("openai", origin)).rejects.toMatchObject({ code: "malformed" });
  });

  it("says that nobody listens", async () => {
    await expect(list("openai", await desertedOrigin())).rejects.toMatchObject({ code: "network", unreachable: true });
  });

  it("ends with the reason of the signal", async () => {
    const origin = await serve(() => {});
    const controller = new AbortController();
    const target = { vendor: knownVendor("openai"), baseURL: origin };
    const asking = requestModels(target, openTransport(), controller.signal);
    controller.abort(new Error("enough"));
    await expect(asking).rejects.toThrow("enough");
  });
});
