import type { Success } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import { recordMeta, type RecordContext } from "./record-meta.ts";
import type { Row } from "../source/row.ts";

/** The line of the output for a row that was answered: an OpenAI Batch record and `meta`. */
export const successRecord = (
  row: Row,
  result: Success<ChatReply>,
  context: RecordContext,
  lostAttempts = 0,
): string => {
  const { status, requestId, body, usage } = result.value;
  const record = {
    id: context.nextId(),
    custom_id: row.id,
    response: { status_code: status, request_id: requestId ?? null, body },
    error: null,
    meta: context.strict
      ? undefined
      : {
          ...recordMeta(row, result, context, { named: result.value.model, lostAttempts }),
          tokens: usage === undefined ? null : tokensOf(usage),
          retries: retriesOf(result),
        },
  };
  return `${JSON.stringify(record)}\n`;
};

const tokensOf = (usage: NonNullable<ChatReply["usage"]>): object => ({
  input: usage.inputTokens,
  output: usage.outputTokens,
  cached: usage.cachedTokens,
  reasoning: usage.reasoningTokens,
});

const retriesOf = ({ retries }: Success<ChatReply>): readonly object[] =>
  retries.map(({ status, code, waitedMs }) => ({ status, code, waited_ms: Math.round(waitedMs) }));
