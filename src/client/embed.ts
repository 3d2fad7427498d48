import { CallError } from "../call/call-error.ts";
import type { Usage } from "../call/reply.ts";
import { encodeEmbeddings, embeddingVectors, type EmbeddingInput } from "../provider/openai/embedding-vectors.ts";
import type { CallRunner } from "./call-runner.ts";
import type { ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import { addKnownUsage } from "../call/add-usage.ts";
import { onAbort } from "../time/on-abort.ts";

/** What may be said about embeddings beside their input. */
export interface EmbedOptions extends Pick<
  ChatRequest,
  "model" | "params" | "id" | "priority" | "tenant" | "signal" | "timeout"
> {
  /** How long each vector shall be. @default the model's own length */
  readonly dimensions?: number;
  /** How the vectors come over the wire. @default 'float' */
  readonly encoding?: "float" | "base64";
  /** So many inputs are asked for in one call; more become several calls at once. @default 128 */
  readonly maxInputsPerCall?: number;
}

/** Vectors, in the order of the inputs. */
export interface EmbedReply {
  readonly vectors: readonly (readonly number[])[];
  /** Over all calls; absent when the provider reported none. */
  readonly usage?: Usage;
  /** The model that answered, as the provider names it. */
  readonly model: string;
}

/** Turns texts into vectors, in as many calls as that takes. @throws CallError */
export const embed = async (
  runner: CallRunner,
  input: EmbeddingInput,
  options: EmbedOptions,
  nextIndex: () => number,
): Promise<EmbedReply> => {
  const { dimensions, encoding, params, maxInputsPerCall = 128, ...request } = options;
  if (!(Number.isInteger(maxInputsPerCall) && maxInputsPerCall >= 1))
    throw new RangeError(
      `Cannot embed: "maxInputsPerCall" must be a whole number of at least 1, got ${maxInputsPerCall}`,
    );
  const settings = {
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(params === undefined ? {} : { params }),
  };
  // One failure ends all: the vectors of the others alone are of no use.
  const controller = new AbortController();
  const replies = await Promise.all(
    portions(input, maxInputsPerCall).map(async (portion) => {
      const { model: _, ...body } = encodeEmbeddings(portion, "", settings);
      const asked: ChatRequest = { ...request, body, operation: "embeddings" };
      const result = await runner.run(asked, { index: nextIndex(), controller: linked(controller) });
      if (result.ok) return result.value;
      controller.abort(new CallError("cancelled", "Another part of the input has failed"));
      throw result.error;
    }),
  );
  return joined(replies);
};

/** Each call has a controller of its own. */
const linked = (parent: AbortController): AbortController => {
  const controller = new AbortController();
  onAbort(parent.signal, () => controller.abort(parent.signal.reason));
  return controller;
};

/** A list of numbers is one input, a list of anything else several. */
const portions = (input: EmbeddingInput, size: number): readonly EmbeddingInput[] => {
  if (!isList(input) || input.length <= size) return [input];
  return Array.from({ length: Math.ceil(input.length / size) }, (_, part) => {
    return input.slice(part * size, (part + 1) * size);
  });
};

const isList = (input: EmbeddingInput): input is readonly string[] | readonly (readonly number[])[] =>
  typeof input !== "string" && typeof input[0] !== "number";

const joined = (replies: readonly ChatReply[]): EmbedReply => {
  const usage = replies.map((reply) => reply.usage).reduce(addKnownUsage, undefined);
  return {
    vectors: replies.flatMap(({ body }) => embeddingVectors(body)),
    model: replies[0]?.model ?? "",
    ...(usage === undefined ? {} : { usage }),
  };
};
