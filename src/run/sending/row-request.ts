import type { ChatRequest } from "../../client/chat-request.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { Row } from "../source/row.ts";

/** A row as its client is asked. */
export const rowRequest = (
  { id, operation, body, model }: Pick<Row, "id" | "operation" | "body" | "model">,
  options: Pick<RunFileOptions, "model" | "overrideModel">,
): ChatRequest => {
  const named = model !== undefined && options.overrideModel !== true;
  if (options.model === undefined || named) return { id, operation, body };
  const { model: _, ...rest } = body;
  return { id, operation, body: rest, model: options.model };
};
