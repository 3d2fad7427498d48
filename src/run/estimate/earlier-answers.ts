import type { Money } from "../../call/money.ts";
import { addMoney } from "../../call/money.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import { readRecordLines } from "../records/record-file.ts";

/** What earlier runs of an output have found out and spent. */
export interface EarlierAnswers {
  /** Answers that were looked at. */
  readonly answers: number;
  /** Of the answers that say it; 0 where none does. */
  readonly meanOutputTokens: number;
  /** How long they took, waiting and retries apart; 0 where none says it. */
  readonly meanMs: number;
  /** What all of them cost. */
  readonly costs: readonly Money[];
  /** Answers of whose cost nothing is known. */
  readonly unpriced: number;
}

/** There are none. */
export const noEarlierAnswers: EarlierAnswers = { answers: 0, meanOutputTokens: 0, meanMs: 0, costs: [], unpriced: 0 };

/**
 * Reads what the answers in an output say of themselves; what cannot be read says nothing.
 *
 * @param most how many answers to look at: some hundred tell how long answers are, but only all of them what they cost.
 */
export const earlierAnswers = async (
  fs: Fs,
  path: string,
  { most = Infinity, signal }: { readonly most?: number; readonly signal?: AbortSignal } = {},
): Promise<EarlierAnswers> => {
  if ((await fs.stat(path)) === undefined) return noEarlierAnswers;
  const sums = { answers: 0, output: new Mean(), ms: new Mean(), unpriced: 0 };
  let costs: readonly Money[] = [];
  for await (const lines of readRecordLines(fs, path, signal)) {
    for (const { text } of lines) {
      const meta = metaOf(text);
      if (meta === undefined) continue;
      sums.answers += 1;
      sums.output.add(isJsonObject(meta["tokens"]) ? meta["tokens"]["output"] : undefined);
      sums.ms.add(meta["latency_ms"]);
      const cost = costOf(meta["cost"]);
      if (cost === undefined) sums.unpriced += 1;
      else costs = addMoney(costs, cost);
      if (sums.answers === most) return finished(sums, costs);
    }
  }
  return finished(sums, costs);
};

interface Sums {
  readonly answers: number;
  readonly output: Mean;
  readonly ms: Mean;
  readonly unpriced: number;
}

const finished = ({ answers, output, ms, unpriced }: Sums, costs: readonly Money[]): EarlierAnswers => ({
  answers,
  unpriced,
  costs,
  meanOutputTokens: output.value,
  meanMs: ms.value,
});

class Mean {
  #sum = 0;
  #count = 0;

  get value(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  add(value: JsonValue | undefined): void {
    if (typeof value !== "number" || !(value >= 0)) return;
    this.#sum += value;
    this.#count += 1;
  }
}

/** The last field of a record of ours: the text of an answer cannot look like it, because its quotes are escaped. */
const metaStart = ',"meta":';

const metaOf = (line: string): JsonObject | undefined => {
  const at = line.lastIndexOf(metaStart);
  if (line.trim() === "") return undefined;
  if (at === -1) return {};
  return parsed(line.slice(at + metaStart.length, -1)) ?? {};
};

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const costOf = (cost: JsonValue | undefined): Money | undefined => {
  if (!isJsonObject(cost)) return undefined;
  const { amount, currency } = cost;
  return typeof amount === "number" && (currency === "USD" || currency === "CNY") ? { amount, currency } : undefined;
};
