import type { ReplyFacts } from "../call/call-event.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";

/** What a reply says of itself in any of the formats: which model answered, under what name, and why it ended. */
export const replyFacts = ({ body, deployment }: Reply): ReplyFacts => {
  const model = text(body["model"]) ?? text(body["modelVersion"]);
  const id = text(body["id"]) ?? text(body["responseId"]);
  return {
    deployment,
    finishReasons: finishReasons(body),
    ...(model === undefined ? {} : { model }),
    ...(id === undefined ? {} : { id }),
  };
};

/** OpenAI and Gemini say it of each answer, Anthropic and OpenAI's responses of the whole. */
const finishReasons = (body: JsonObject): readonly string[] => {
  const { choices, candidates, stop_reason: stopReason, incomplete_details: incomplete, status, object } = body;
  if (Array.isArray(choices)) return ofEach(choices as readonly JsonValue[], "finish_reason");
  if (Array.isArray(candidates)) return ofEach(candidates as readonly JsonValue[], "finishReason");
  const whole =
    object === "response" ? ((isJsonObject(incomplete) ? incomplete["reason"] : undefined) ?? status) : stopReason;
  const reason = text(whole);
  return reason === undefined ? [] : [reason];
};

const ofEach = (answers: readonly JsonValue[], field: string): readonly string[] =>
  answers.flatMap((answer) => (isJsonObject(answer) ? (text(answer[field]) ?? []) : []));

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
