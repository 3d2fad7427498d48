import type { Usage } from "../../call/reply.ts";
import type { Success } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";

/** A reply as one line of JSON, for programs. */
export const replyJson = ({ value, attempts, timing }: Success<ChatReply>): string => {
  const { text, model, answeredBy, finishReason, usage, requestId } = value;
  const { queuedMs, firstContentMs, totalMs } = timing;
  return `${JSON.stringify({
    text,
    model,
    ...(answeredBy === undefined ? {} : { answered_by: answeredBy }),
    finish_reason: finishReason ?? null,
    usage: usage === undefined ? null : usageJson(usage),
    ...(value.cost === undefined ? {} : { cost: value.cost }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    attempts,
    timing: {
      queued_ms: Math.round(queuedMs),
      ...(firstContentMs === undefined ? {} : { first_content_ms: Math.round(firstContentMs) }),
      total_ms: Math.round(totalMs),
    },
  })}\n`;
};

const usageJson = (usage: Usage): Readonly<Record<string, number>> => ({
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  cached_tokens: usage.cachedTokens,
  reasoning_tokens: usage.reasoningTokens,
});
