/** A piece of an answer, and when it is sent. */
export interface Frame {
  /** Milliseconds after the call was admitted. */
  readonly atMs: number;
  readonly text: string;
  /** How many tokens had to be generated for it, beyond those of the frames before it. */
  readonly tokens: number;
  /** Whether the whole answer has been generated with it. */
  readonly completes: boolean;
}

/**
 * How an answer is delivered: its frames, and what happens after the last of them.
 *
 * `hang` sends nothing more, `drip` only `filler`, both until the client leaves.
 */
export interface Script {
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: readonly Frame[];
  readonly ending: "end" | "destroy" | "reset" | "hang" | "drip";
  /** What a dripping connection sends: a comment of an event stream, white space in a body. */
  readonly filler: string;
}
