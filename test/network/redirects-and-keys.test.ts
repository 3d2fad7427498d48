import { describe, expect, it } from "vitest";
import { createLLM } from "../../src/client/create-llm.ts";
import { asked, canaryKey, canaryPrompt, expectNothingLeft, failureOf, within } from "./network-client.ts";
import { answerOf, rawServer, wholeBody } from "./raw-server.ts";

expectNothingLeft();

const redirect = (status: number, location: string): string =>
  answerOf("", [`location: ${location}`], `${status} Elsewhere`);

describe("N12 a redirect", () => {
  it.each([301, 302, 303, 307, 308])(
    "N12 with status %i is not followed: nothing is sent to another server",
    async (status) => {
      const elsewhere = await rawServer(({ socket }) => socket.write(answerOf(wholeBody())));
      const server = await rawServer(({ socket }) =>
        socket.write(redirect(status, `${elsewhere.url}/chat/completions?x=1`)),
      );
      for (const stream of [false, true]) {
        const error = failureOf(await asked(server.url, stream, { retry: 5 }));
        expect(error).toMatchObject({ code: "invalid_request", status, retryable: false, attempts: 1 });
        expect(error.message).toContain(elsewhere.origin);
      }
      expect(elsewhere.received).toEqual([]);
      expect(server.requests()).toBe(2);
    },
  );

  it.each([301, 302, 303, 307, 308])("N12 with status %i is not followed on its own server either", async (status) => {
    const server = await rawServer(({ socket }) => socket.write(redirect(status, "/v2/chat/completions")));
    const error = failureOf(await asked(server.url, false, { retry: 5 }));
    expect(error).toMatchObject({ code: "invalid_request", status, retryable: false });
    expect(server.requests()).toBe(1);
    expect(server.received.join("")).not.toContain("/v2/");
  });

  it("N12 without a location, or in a circle, ends as well", async () => {
    const bare = await rawServer(({ socket }) => socket.write(answerOf("", [], "302 Found")));
    expect(failureOf(await asked(bare.url, false)).message).toContain("an address it does not name");
    const circle = await rawServer(({ socket }) => socket.write(redirect(308, "/v1/chat/completions")));
    expect(failureOf(await asked(circle.url, false, { retry: 5 })).code).toBe("invalid_request");
    expect(circle.requests()).toBe(1);
  });

  it("N12 is not followed for a drop-in fetch", async () => {
    const elsewhere = await rawServer(({ socket }) => socket.write(answerOf(wholeBody())));
    const server = await rawServer(({ socket }) => socket.write(redirect(307, elsewhere.url)));
    await using llm = createLLM({ retry: 0 });
    const answer = await within(
      5000,
      llm.fetch(`${server.url}/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${canaryKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "m", messages: [{ role: "user", content: canaryPrompt }] }),
      }),
    );
    expect(answer.ok).toBe(false);
    expect(await answer.text()).toContain("Redirects are not followed");
    expect(elsewhere.received).toEqual([]);
  });
});

describe("N13 what cannot stand in a header", () => {
  it.each([
    ["a letter that is not Latin-1", `${canaryKey}é€`],
    ["a line break", `${canaryKey}\r\nx-injected: 1`],
    ["a line break at its end", `${canaryKey}\n`],
    ["a space", `${canaryKey} x`],
    ["nothing", ""],
  ])("N13 refuses a key with %s, without showing it", (_, apiKey) => {
    let message = "";
    try {
      createLLM({ model: "openai/m", baseURL: "http://127.0.0.1:9/v1", apiKey });
    } catch (error) {
      message = `${String(error)} ${(error as Error).stack}`;
    }
    expect(message).not.toBe("");
    expect(message).not.toContain(canaryKey);
    expect(message).not.toContain("x-injected");
  });

  it("N13 refuses a header with a line break, and shows its name only", () => {
    const headers = { "x-team": `secret-${canaryKey}\r\nx-injected: 1` };
    const create = (): unknown =>
      createLLM({ model: "openai/m", baseURL: "http://127.0.0.1:9/v1", headers, apiKey: "k" });
    expect(create).toThrow('got "x-team"');
    expect(create).not.toThrow(canaryKey);
  });

  it.each(["openai", "anthropic", "gemini", "azure"])(
    "N13 lets no model, metadata or id break out of the request: %s",
    async (name) => {
      const server = await rawServer(({ socket }) => socket.end(answerOf('{"error":{"message":"no"}}', [], "400 Bad")));
      const model = "m\r\nx-injected: 1\r\n\r\nGET /stolen HTTP/1.1\r\n";
      await using llm = createLLM({ providers: { [name]: { baseURL: server.url, apiKey: canaryKey } }, retry: 0 });
      const request = { prompt: canaryPrompt, model: `${name}/${model}`, id: "i\r\nx-injected: 1" };
      const [result] = await within(
        5000,
        llm.batch([{ ...request, params: { metadata: { a: "b\r\nx-injected: 1" } } }]),
      );
      expect(result?.ok).toBe(false);
      const received = server.received.join("");
      expect(received).not.toMatch(/^x-injected/m);
      expect(received).not.toMatch(/^GET/m);
      expect(server.requests()).toBeLessThanOrEqual(1);
    },
  );
});
