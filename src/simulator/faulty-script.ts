import type { FaultKind } from "./fault-kind.ts";
import type { Frame, Script } from "./script.ts";

/** The same delivery with a fault in it; unchanged for a fault that has no part in deliveries. */
export const faultyScript = (script: Script, fault: FaultKind | undefined, spoiling: Spoiling): Script => {
  const spoil = fault === undefined ? undefined : spoilers[fault];
  return spoil === undefined ? script : { ...script, ...spoil(script, spoiling) };
};

/** What a spoiled delivery has that the good one has not. */
export interface Spoiling {
  readonly slowMs: number;
  /** The error that stands in place of a body. */
  readonly errorBody: string;
  /** The error that ends a stream, behind so many tokens. */
  readonly errorFrame: (tokens: number) => string;
}

type Spoiler = (script: Script, spoiling: Spoiling) => Partial<Script>;

const spoilers: Readonly<Partial<Record<FaultKind, Spoiler>>> = {
  reset: () => ({ frames: [], ending: "reset" }),
  silent: () => ({ frames: [], ending: "hang" }),
  stall: (script) => ({ frames: beginning(script), ending: "hang" }),
  drip: (script) => ({ headers: withoutLength(script), frames: beginning(script), ending: "drip" }),
  cut: (script) => ({ frames: half(script), ending: "destroy" }),
  malformed: (script) => ({ headers: withoutLength(script), frames: garbled(script) }),
  "no-done": (script) => ({ headers: withoutLength(script), frames: half(script) }),
  "error-200": (script, spoiling) => ({ headers: withoutLength(script), frames: failed(script, spoiling) }),
  slow: (script, { slowMs }) => ({
    frames: script.frames.map((frame) => ({ ...frame, atMs: frame.atMs + slowMs })),
  }),
};

const isStream = (script: Script): boolean => script.frames.length > 1;

const withoutLength = (script: Script): Record<string, string> => {
  const { "content-length": _dropped, ...headers } = script.headers;
  return headers;
};

/** The role and the first token of a stream, or half a body. */
const beginning = (script: Script): readonly Frame[] => (isStream(script) ? script.frames.slice(0, 2) : half(script));

/** The last frame of a stream holds its ending, so at most all the others are left. A body was generated whole. */
const half = (script: Script): readonly Frame[] =>
  isStream(script)
    ? script.frames.slice(0, Math.ceil(script.frames.length / 2))
    : script.frames.map((frame) => ({ ...frame, text: halfText(frame.text) }));

const halfText = (text: string): string => text.slice(0, text.length >> 1);

/** One chunk in the middle of a stream is broken and the rest follows; a body ends in the middle. */
const garbled = (script: Script): readonly Frame[] => {
  const half = script.frames.length >> 1;
  const middle = script.frames.findIndex((frame, index) => index >= half && frame.text !== "");
  return script.frames.map((frame, index) =>
    index === middle ? { ...frame, text: `${halfText(frame.text)}${isStream(script) ? "\n\n" : ""}` } : frame,
  );
};

const failed = (script: Script, { errorBody, errorFrame }: Spoiling): readonly Frame[] => {
  if (!isStream(script)) {
    return script.frames.map((frame) => ({ ...frame, text: errorBody, tokens: 0, completes: false }));
  }
  const frames = half(script);
  const text = errorFrame(frames.reduce((sum, { tokens }) => sum + tokens, 0));
  return [...frames, { atMs: frames.at(-1)?.atMs ?? 0, text, tokens: 0, completes: false }];
};
