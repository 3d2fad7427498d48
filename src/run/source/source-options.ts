import type { ChatInput } from "../../call/chat-input.ts";
import type { Operation } from "../../call/call.ts";
import type { JsonObject } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import type { InputFormat } from "./format.ts";

/** Where rows come from and how a row becomes a request. */
export interface SourceOptions {
  /** A file that can be read more than once, or several that are read one after the other. */
  readonly path: string | readonly string[];
  /** What messages call a single file. @default the path */
  readonly name?: string;
  /** @default 'auto': by the file's ending, else by its content */
  readonly format?: "auto" | InputFormat;
  /** In the words of `TextDecoder`. @default 'auto': UTF-8, or GB18030 for a table that is not in UTF-8 */
  readonly encoding?: string;
  /** Whether rows that cannot be sent are refused, or kept apart in the index. @default 'fail' */
  readonly inputErrors?: "fail" | "skip";
  readonly fs?: Fs;
  /** Told of what is no fault and still worth knowing. */
  readonly warn?: (message: string) => void;
  /** A template that makes the prompt from a row's columns: `{{column}}`. */
  readonly prompt?: string;
  /** A template that makes the system message. */
  readonly system?: string;
  /** Fields of the request body for every row; they win over the row's own. */
  readonly params?: JsonObject;
  /** Gives the body of a row that sets no bound on its output one. */
  readonly bounded?: (body: JsonObject, operation: Operation) => JsonObject;
  /** The column that holds the row's id. @default `custom_id` where there is one */
  readonly idColumn?: string;
  /** Take only the first rows. @default all */
  readonly limit?: number;
  /** Ask for streamed replies. @default false */
  readonly stream?: boolean;
  /** The longest line or CSV record. @default 16 MiB */
  readonly maxLineBytes?: number;
  /** What `encode` asks for. @default 'chat' */
  readonly operation?: Operation;
  /** The provider's encoder; a model that it names is dropped. */
  readonly encode: Encode;
  /** How the rows are rendered that the ids are made from. @default as they are asked */
  readonly identity?: Omit<SourceOptions, "path" | "identity">;
  /** The run's model, as part of the identity of rows without an id. */
  readonly model?: string;
  /** The run's model replaces the one that a line names. @default false */
  readonly overrideModel?: boolean;
}

/** Makes a request body in the provider's wire format. */
export type Encode = (input: EncodeInput) => JsonObject;

/** What a row asks. */
export interface EncodeInput extends Pick<ChatInput, "temperature" | "topP" | "maxOutputTokens" | "stop" | "seed"> {
  readonly prompt?: string;
  readonly system?: string;
  readonly messages?: readonly JsonObject[];
}
