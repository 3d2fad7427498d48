import type { JsonObject } from "./json.ts";

/**
 * A schema of any library that keeps to Standard Schema (standardschema.dev): Zod, Valibot, ArkType and others. The types
 * are those of its specification, version 1, with the JSON Schema that some libraries can give.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** The JSON Schema of what it takes, where the library can tell. */
    readonly jsonSchema?: { readonly input: (options: { readonly target: "draft-2020-12" }) => object } | undefined;
  };
}

/** What a validation finds. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** What is wrong with a value, and where. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What values of a schema are like once they are validated. */
export type OutputOf<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["output"];

/** How an answer is to be formed. */
export interface AnswerSchema {
  /** Some providers want a name for it: letters, digits, `_` and `-`. */
  readonly name: string;
  /** JSON Schema; absent where only JSON of some kind is asked for. */
  readonly schema?: JsonObject;
}
