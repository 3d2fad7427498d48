import type { TokenCounter } from "./estimate-tokens.ts";

/** Tokenizers take the square of the time for a piece that they cannot cut, so 60,000 characters may take a minute; no language has such words. */
const uncut = /[\p{L}\p{M}]{500,}|[^\s\p{L}\p{N}]{500,}|\s{500,}/gu;
const sliceLength = 250;

/** Special tokens in what a user writes are text; they must neither throw nor count as one. */
const options = { disallowedSpecial: new Set<string>() };

/**
 * Loads the tokenizer of an OpenAI model, and for any other model the one of OpenAI's newest.
 *
 * @throws where the package `gpt-tokenizer`, an optional peer, is not installed.
 */
export const loadTokenizer = async (model: string): Promise<TokenCounter> => {
  const { countTokens } = await loaded(encodings[encodingOf(model)]);
  return (text) => countInSlices(text, (slice) => countTokens(slice, options));
};

const countInSlices = (text: string, count: TokenCounter): number => {
  let tokens = 0;
  let from = 0;
  for (const { 0: piece, index } of text.matchAll(uncut)) {
    tokens += count(text.slice(from, index));
    for (let at = 0; at < piece.length; at += sliceLength) tokens += count(piece.slice(at, at + sliceLength));
    from = index + piece.length;
  }
  return tokens + count(text.slice(from));
};

interface Encoding {
  readonly countTokens: (text: string, countOptions: typeof options) => number;
}

/** GPT-4 without a letter or a dot, what was before it, and the embeddings; perhaps behind a provider or a fine-tuning mark. */
const isOld = /(?:^|[/:])(?:gpt-4(?![.\w])|gpt-3\.?5|text-embedding-)/;

/** Which of OpenAI's encodings a model is counted by. */
export const encodingOf = (model: string): EncodingName => (isOld.test(model) ? "cl100k_base" : "o200k_base");

/** The encodings there are. */
export type EncodingName = "cl100k_base" | "o200k_base";

const encodings: Readonly<Record<EncodingName, () => Promise<Encoding>>> = {
  cl100k_base: () => import("gpt-tokenizer/encoding/cl100k_base"),
  o200k_base: () => import("gpt-tokenizer/encoding/o200k_base"),
};

const loaded = async (load: () => Promise<Encoding>): Promise<Encoding> => {
  try {
    return await load();
  } catch (cause) {
    throw new Error(
      'Cannot count tokens exactly: "gpt-tokenizer" could not be loaded; install it with "npm install gpt-tokenizer", or count with tokenizer: "estimate"',
      { cause },
    );
  }
};
