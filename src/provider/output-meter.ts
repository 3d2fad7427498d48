import type { StreamEvent } from "../call/stream-event.ts";
import type { Clock } from "../time/clock.ts";
import { estimateTokens } from "./tokens/estimate-tokens.ts";
import type { StreamCollector } from "./wire-format.ts";

const tokensBetween = 256;
const msBetween = 500;
/** Servers send a token at a time; a longer piece holds several. */
const charactersOfOneToken = 8;
const charactersPerToken = 4;

/** Counts the output of a stream while it is read, and tells it every 256 tokens or 500 ms: a provider charges it as it is produced. */
export class OutputMeter {
  readonly #clock: Clock;
  readonly #tell: (outputTokens: number) => void;
  #tokens = 0;
  #reported: number | undefined;
  #length = 0;
  #told = 0;
  #toldAt: number;

  constructor(clock: Clock, tell: (outputTokens: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#toldAt = clock.now();
  }

  /** Takes in an event that the collector has taken. What the provider reports wins over what was counted. */
  add(event: StreamEvent, { length, reportedOutputTokens }: StreamCollector): void {
    if (reportedOutputTokens !== this.#reported && reportedOutputTokens !== undefined) {
      this.#reported = reportedOutputTokens;
      this.#tokens = reportedOutputTokens;
    } else if (event.content) {
      this.#tokens += event.text === "" ? tokensOf(length - this.#length) : textTokens(event.text);
    }
    this.#length = length;
    if (this.#tokens - this.#told >= tokensBetween || this.#clock.now() - this.#toldAt >= msBetween) this.end();
  }

  /** Tells what has not been told. */
  end(): void {
    this.#toldAt = this.#clock.now();
    if (this.#tokens === this.#told) return;
    this.#told = this.#tokens;
    this.#tell(this.#tokens);
  }
}

const textTokens = (text: string): number => (text.length > charactersOfOneToken ? estimateTokens(text) : 1);

/** Reasoning and tool calls are not in the text; how much longer the answer became is known all the same. */
const tokensOf = (characters: number): number =>
  characters > charactersOfOneToken ? Math.ceil(characters / charactersPerToken) : 1;
