import { describe, expect, it } from "vitest";
import { named, wholeMessage, wholeStream } from "../../test/fixtures/anthropic-stream.ts";
import { chunk, wholeAnswer, wholeStream as wholeChunks } from "../../test/fixtures/gemini-stream.ts";
import { serve } from "../../test/fixtures/http-server.ts";
import { type ReceivedRequest, receiving } from "../../test/fixtures/received-request.ts";
import { streaming } from "../../test/fixtures/streamed-answer.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";
import { createLLM } from "./create-llm.ts";

const natives = [
  {
    model: "anthropic/claude-haiku-4-5",
    answer: wholeMessage,
    events: wholeStream.map(named),
    paths: ["/v1/messages", "/v1/messages"],
    answeredBy: "claude-haiku-4-5",
  },
  {
    model: "google/gemini-2.5-flash",
    answer: wholeAnswer,
    events: wholeChunks.map(chunk),
    paths: [
      "/v1beta/models/gemini-2.5-flash:generateContent",
      "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    ],
    answeredBy: "gemini-2.5-flash",
  },
];

describe.each(natives)("$model", ({ model, answer, events, paths, answeredBy }) => {
  it("is asked in its provider's own format, at an address that names only a host", async () => {
    const received: ReceivedRequest[] = [];
    const whole = answering(200, answer);
    const stream = streaming(...events);
    const baseURL = await serve(
      receiving(received, (request, response) =>
        (request.headers.accept === "text/event-stream" ? stream : whole)(request, response),
      ),
    );
    await using llm = createLLM({ model, baseURL, apiKey: "k" });
    const reply = await llm.chat({ system: "s", prompt: "p", temperature: 0 });
    expect(reply).toMatchObject({ text: "Hello 日本", finishReason: "tool_calls", model: answeredBy, body: answer });
    const texts: string[] = [];
    for await (const part of llm.stream("p")) if (part.text !== "") texts.push(part.text);
    expect(texts).toEqual(["Hello ", "日本"]);
    expect(received.map(({ path }) => path)).toEqual(paths);
  });
});
