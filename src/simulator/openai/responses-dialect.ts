import type { Completion, Dialect } from "../dialect.ts";
import { countTokens, type StreamWire, tokenStream, wholeBody } from "../token-stream.ts";
import { openaiVendor } from "./openai-vendor.ts";
import { parseResponsesRequest } from "./responses-request.ts";

/** `POST /v1/responses`. */
export const responsesDialect: Dialect = {
  operation: "responses",
  vendor: { ...openaiVendor, errorFrame: (body, tokens) => errorEvent(body, tokens) },
  parse: parseResponsesRequest,
  script: (completion) =>
    completion.request.streamed
      ? tokenStream(completion, responseWire(completion))
      : wholeBody(completion, finalResponse(completion)),
};

const finalResponse = (completion: Completion): object => ({
  ...responseHead(completion),
  status: statusOf(completion),
  completed_at: completion.created,
  incomplete_details: isCut(completion) ? { reason: "max_output_tokens" } : null,
  output: [itemOf(completion)],
  usage: usageOf(completion),
});

const responseHead = ({ id, created, request }: Completion): object => ({
  id: `resp_${id}`,
  object: "response",
  created_at: created,
  status: "in_progress",
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: request.model,
  output: [],
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  usage: null,
});

const isCut = ({ answers }: Completion): boolean => answers[0]?.finish === "length";

const statusOf = (completion: Completion): string => (isCut(completion) ? "incomplete" : "completed");

const usageOf = ({ request, answers }: Completion): object => {
  const outputTokens = countTokens(answers);
  return {
    input_tokens: request.promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: request.promptTokens + outputTokens,
  };
};

const textOf = ({ answers }: Completion): string => answers[0]?.tokens.join("") ?? "";

const itemId = ({ id, answers }: Completion): string => `${answers[0]?.tool === undefined ? "msg" : "fc"}_${id}`;

const itemOf = (completion: Completion): object => {
  const shared = { id: itemId(completion), status: statusOf(completion) };
  const tool = completion.answers[0]?.tool;
  return tool === undefined
    ? { ...shared, type: "message", role: "assistant", content: [partOf(textOf(completion))] }
    : { ...shared, ...callOf(completion, tool), arguments: textOf(completion) };
};

const callOf = ({ id }: Completion, name: string): object => ({ type: "function_call", call_id: `call_${id}`, name });

const partOf = (text: string): object => ({ type: "output_text", text, annotations: [], logprobs: [] });

/** Deltas differ by their text and number alone, so they are put together as text. */
const responseWire = (completion: Completion): StreamWire => {
  const { head, done, delta, place } = itemEvents(completion);
  const response = responseHead(completion);
  const opening: readonly Event[] = [
    ["response.created", { response }],
    ["response.in_progress", { response }],
    ...head,
  ];
  const end: Event = [`response.${statusOf(completion)}`, { response: finalResponse(completion) }];
  const closing: readonly Event[] = [
    ...done,
    ["response.output_item.done", { output_index: 0, item: itemOf(completion) }],
    end,
  ];
  const fields = JSON.stringify({ type: delta, ...place }).slice(0, -1);
  const first = opening.length;
  return {
    head: numbered(opening, 0),
    token: (_index, token, at) =>
      `event: ${delta}\ndata: ${fields},"sequence_number":${first + at},"delta":${JSON.stringify(token)}}\n\n`,
    tail: numbered(closing, first + countTokens(completion.answers)),
  };
};

type Event = readonly [type: string, fields: object];

interface ItemEvents {
  /** Before the first delta, and behind the last. */
  readonly head: readonly Event[];
  readonly done: readonly Event[];
  /** The name of a delta, and where it says that it belongs. */
  readonly delta: string;
  readonly place: object;
}

const itemEvents = (completion: Completion): ItemEvents => {
  const tool = completion.answers[0]?.tool;
  const id = itemId(completion);
  const text = textOf(completion);
  const place = { item_id: id, output_index: 0 };
  const begun = { id, status: "in_progress" };
  if (tool !== undefined) {
    const item = { ...begun, ...callOf(completion, tool), arguments: "" };
    return {
      head: [["response.output_item.added", { output_index: 0, item }]],
      done: [["response.function_call_arguments.done", { ...place, name: tool, arguments: text }]],
      delta: "response.function_call_arguments.delta",
      place,
    };
  }
  const item = { ...begun, type: "message", role: "assistant", content: [] };
  const within = { ...place, content_index: 0 };
  return {
    head: [
      ["response.output_item.added", { output_index: 0, item }],
      ["response.content_part.added", { ...within, part: partOf("") }],
    ],
    done: [
      ["response.output_text.done", { ...within, text, logprobs: [] }],
      ["response.content_part.done", { ...within, part: partOf(text) }],
    ],
    delta: "response.output_text.delta",
    place: { ...within, logprobs: [] },
  };
};

const numbered = (events: readonly Event[], from: number): string =>
  events
    .map(([type, fields], index) => {
      return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: from + index, ...fields })}\n\n`;
    })
    .join("");

/** Events that come before the first delta, at most. */
const mostOpening = 4;

/** The error of a body, flattened into an event with a number behind all those before it. */
const errorEvent = (body: string, tokens: number): string => {
  const { error } = JSON.parse(body) as {
    readonly error: Readonly<Record<"message" | "type" | "param" | "code", unknown>>;
  };
  const { message, param, code, type } = error;
  const fields = { type: "error", code: code ?? type, message, param, sequence_number: mostOpening + tokens };
  return `event: error\ndata: ${JSON.stringify(fields)}\n\n`;
};
