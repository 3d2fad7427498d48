import { describe, expect, it } from "vitest";
import type { JsonObject } from "../call/json.ts";
import { replyFacts } from "./reply-facts.ts";

const factsOf = (body: JsonObject) => replyFacts({ status: 200, body, deployment: "here" });

describe("the facts of a reply", () => {
  it.each<[string, JsonObject, object]>([
    [
      "a chat completion",
      {
        id: "c-1",
        model: "m-1",
        choices: [{ finish_reason: "stop" }, { finish_reason: null }, { finish_reason: "length" }],
      },
      { id: "c-1", model: "m-1", finishReasons: ["stop", "length"] },
    ],
    [
      "an Anthropic message",
      { id: "msg_1", model: "claude", stop_reason: "end_turn" },
      { id: "msg_1", model: "claude", finishReasons: ["end_turn"] },
    ],
    [
      "a Gemini answer",
      { responseId: "r", modelVersion: "gemini-2", candidates: [{ finishReason: "MAX_TOKENS" }] },
      { id: "r", model: "gemini-2", finishReasons: ["MAX_TOKENS"] },
    ],
    [
      "a whole response of OpenAI",
      { object: "response", id: "resp_1", model: "m", status: "completed", incomplete_details: null },
      { id: "resp_1", model: "m", finishReasons: ["completed"] },
    ],
    [
      "one that was cut",
      { object: "response", status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      { finishReasons: ["max_output_tokens"] },
    ],
    [
      "embeddings, which end for no reason",
      { object: "list", model: "e", data: [] },
      { model: "e", finishReasons: [] },
    ],
    ["a body that says nothing", { choices: ["?", {}], id: "", model: 7 }, { finishReasons: [] }],
  ])("are read from %s", (_, body, facts) => {
    expect(factsOf(body)).toEqual({ deployment: "here", ...facts });
  });
});
