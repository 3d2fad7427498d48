import { type JsonObject, type JsonValue, isJsonObject } from "../../call/json.ts";
import type { Operation } from "../../call/call.ts";
import { batchRequest, type BatchRequest } from "./batch-line.ts";
import { explicitId } from "./explicit-id.ts";
import { requestId } from "./identity.ts";
import { type Place, unitOf } from "./fault.ts";
import { InputError } from "./input-error.ts";
import { checkedMessages } from "./messages.ts";
import type { InputFile, InputRecord } from "./records.ts";
import { type PlacedRow, columnMissing, nothingAsked, rowFault } from "./row-fault.ts";
import type { Encode, EncodeInput, SourceOptions } from "./source-options.ts";
import { type Template, compileTemplate } from "./template.ts";
import { namedByOpenAI } from "./named-by-openai.ts";
import { withInstructions, withSystem } from "./with-instructions.ts";
import { wireParams } from "./wire-params.ts";

/** Makes requests of rows. */
export interface Renderer {
  /** @throws InputError when the row cannot be sent */
  render(record: InputRecord, file: RenderedFile): Rendered;
  /** To be called when all rows have been rendered. @throws InputError when a template asks for a column that no row had */
  finish(name: string): void;
}

/** What of a file a row is rendered by. */
type RenderedFile = Pick<InputFile, "name" | "format">;

/** A row as a request. */
export interface Rendered {
  /** The row's own id, or the one made from the request. */
  readonly id: string;
  readonly explicitId: boolean;
  readonly operation: Operation;
  readonly body: JsonObject;
}

/** What of a source's options says how a row becomes a request. */
export interface RendererOptions extends Pick<
  SourceOptions,
  | "prompt"
  | "system"
  | "params"
  | "operation"
  | "bounded"
  | "idColumn"
  | "stream"
  | "encode"
  | "model"
  | "overrideModel"
> {}

/** @throws InputError when a template cannot be understood */
export const createRenderer = (options: RendererOptions): Renderer => {
  const { idColumn, model, operation: usual = "chat" } = options;
  const prompt = options.prompt === undefined ? undefined : compileTemplate(options.prompt, "prompt");
  const system = options.system === undefined ? undefined : compileTemplate(options.system, "system");
  const encode = withoutModel(options.encode);
  const templates = [prompt, system].filter((template) => template !== undefined);
  return {
    render(record, file) {
      const row = placed(record, file);
      const textCells = hasTextCells(file);
      const { operation, body: asked } = rowRequest(row, { prompt, system, encode, textCells, operation: usual });
      const body = sentBody({ ...asked, ...options.params }, operation, options);
      const id = explicitId(row, idColumn);
      if (id !== undefined) return { id, explicitId: true, operation, body };
      const named = body["model"];
      return { id: requestId(body, typeof named === "string" ? named : model), explicitId: false, operation, body };
    },
    finish(name) {
      for (const template of templates) checkSeen(template, name);
    },
  };
};

/** Whether every cell is a text, so that none can be a field of the request. */
const hasTextCells = ({ format }: RenderedFile): boolean => format === "csv" || format === "tsv";

const placed = (record: InputRecord, { name, format }: RenderedFile): PlacedRow => {
  const value = record.value();
  const place: Place = { name, line: record.line, unit: unitOf(format) };
  if (typeof value === "string") return { ...place, columns: { prompt: value } };
  if (isJsonObject(value)) return { ...place, columns: value };
  throw rowFault({ ...place, columns: {} }, `a row must be an object or a text, got ${kindOf(value)}`);
};

const kindOf = (value: JsonValue): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;

interface Rendering {
  readonly prompt: Template | undefined;
  readonly system: Template | undefined;
  readonly encode: Encode;
  readonly textCells: boolean;
  /** Of what `encode` makes. */
  readonly operation: Operation;
}

/** What a row asks, by the first of: the prompt template, its own whole body, its messages, its prompt. */
const rowRequest = (row: PlacedRow, rendering: Rendering): BatchRequest => {
  const { prompt, system, encode, operation } = rendering;
  const instructions = system === undefined ? undefined : filled(system, row, "the system message uses");
  if (prompt !== undefined) {
    const body = encode(withSystem({ prompt: filled(prompt, row, "the prompt uses") }, instructions));
    return { operation, body };
  }
  const whole = batchRequest(row);
  if (whole !== undefined) return instructed(row, whole, instructions, rendering);
  return { operation, body: ownBody(row, instructions, rendering) };
};

/** A whole body is sent as it is, but for a system message that the run adds. */
const instructed = (
  row: PlacedRow,
  { operation, body }: BatchRequest,
  instructions: string | undefined,
  { encode, operation: usual }: Rendering,
): BatchRequest => {
  if (instructions === undefined) return { operation, body };
  if (operation !== usual) {
    throw rowFault(
      row,
      "its request is in another format than the provider's own, and the system message cannot be added",
      ["leave the system message out, or put it into the rows"],
    );
  }
  return { operation, body: withInstructions(row, body, instructions, encode) };
};

const ownBody = (
  row: PlacedRow,
  instructions: string | undefined,
  { encode, textCells, operation }: Rendering,
): JsonObject => {
  const { messages } = row.columns;
  const question = withSystem(ownQuestion(row, textCells ? undefined : messages), instructions);
  if (textCells) return encode(question);
  if (operation === "chat") return { ...encode(question), ...wireParams(row.columns) };
  // The other formats refuse every field that they do not know, and have other names for these.
  return { ...encode({ ...question, ...namedByOpenAI(row.columns) }), ...wireParams(row.columns, operation) };
};

const filled = (template: Template, row: PlacedRow, user: string): string =>
  template.render(row.columns, (column) => {
    throw columnMissing(row, user, column);
  });

const ownQuestion = (row: PlacedRow, messages: JsonValue | undefined): EncodeInput => {
  const { prompt } = row.columns;
  if (messages !== undefined && messages !== null) return { messages: checkedMessages(row, messages, "messages") };
  if (typeof prompt === "string") return { prompt };
  if (prompt === undefined || prompt === null) throw nothingAsked(row);
  throw rowFault(row, `"prompt" must be a text, got ${kindOf(prompt)}`);
};

const withoutModel =
  (encode: Encode): Encode =>
  (input) => {
    const { model: _model, ...body } = encode(input);
    return body;
  };

const sentBody = (
  asked: JsonObject,
  operation: Operation,
  { model, overrideModel, bounded, stream }: RendererOptions,
): JsonObject => {
  const { model: _model, ...unnamed } = asked;
  const named = overrideModel === true && model !== undefined ? unnamed : asked;
  const body = bounded === undefined ? named : bounded(named, operation);
  return stream === true && operation !== "embeddings" ? { ...body, stream: true } : body;
};

const checkSeen = (template: Template, name: string): void => {
  const column = template.neverSeen();
  if (column === undefined) return;
  throw new InputError(`{{#if ${column}}} asks for a column that no row of ${name} has  (nothing was sent)`);
};
