import type { JsonObject } from "../../call/json.ts";
import type { Operation } from "../../call/call.ts";
import type { InputOptions } from "../run-options.ts";
import { maskedParams } from "./masked-words.ts";

/** The settings of a run that decide what its rows ask, and whom; as the manifest has them. */
export interface Asked {
  readonly model: string | null;
  readonly override_model: boolean;
  readonly prompt: string | null;
  readonly system: string | null;
  readonly params: JsonObject;
  readonly max_tokens: number | null;
  readonly id_column: string | null;
  /** The known provider whose formats apply. */
  readonly dialect: string | null;
  readonly operation: Operation | null;
}

/** What a run asks, without what looks like a secret. */
export const askedBy = (options: Omit<InputOptions, "llm">): Asked => ({
  model: options.model ?? null,
  override_model: options.overrideModel ?? false,
  prompt: options.prompt ?? null,
  system: options.system ?? null,
  params: maskedParams(options.params ?? {}),
  max_tokens: options.maxOutputTokens ?? null,
  id_column: options.idColumn ?? null,
  dialect: options.dialect ?? options.provider ?? null,
  operation: options.operation ?? null,
});

/** What a manifest says of it. */
export const askedIn = ({
  model,
  override_model,
  prompt,
  system,
  params,
  max_tokens,
  id_column,
  dialect,
  operation,
}: Asked): Asked => ({ model, override_model, prompt, system, params, max_tokens, id_column, dialect, operation });

/** What rows ask that say all of it themselves. */
export const nothingAsked: Asked = {
  model: null,
  override_model: false,
  prompt: null,
  system: null,
  params: {},
  max_tokens: null,
  id_column: null,
  dialect: null,
  operation: null,
};

/** A run's options with what it asks replaced. */
export const askingAs = (
  {
    model: _model,
    prompt: _prompt,
    system: _system,
    maxOutputTokens: _bound,
    idColumn: _column,
    dialect: _dialect,
    provider: _provider,
    operation: _operation,
    ...rest
  }: InputOptions,
  asked: Asked,
): InputOptions => ({
  ...rest,
  params: asked.params,
  overrideModel: asked.override_model,
  ...(asked.model === null ? {} : { model: asked.model }),
  ...(asked.prompt === null ? {} : { prompt: asked.prompt }),
  ...(asked.system === null ? {} : { system: asked.system }),
  ...(asked.max_tokens === null ? {} : { maxOutputTokens: asked.max_tokens }),
  ...(asked.id_column === null ? {} : { idColumn: asked.id_column }),
  ...(asked.dialect === null ? {} : { dialect: asked.dialect }),
  ...(asked.operation === null ? {} : { operation: asked.operation }),
});
