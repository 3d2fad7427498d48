import type { Money } from "../../call/money.ts";
import type { RunEstimate } from "../estimate/run-estimate.ts";
import { RunError } from "../run-error.ts";

/** Makes sure that what a run may cost can be kept, before anything is sent. @throws RunError */
export const checkMaxCost = ({ currency }: Money, estimate: RunEstimate): void => {
  const { unpricedRows, unpriced = "", unboundedRows, unbounded = "", costs } = estimate;
  if (unpricedRows > 0) {
    throw refusal(`the price of ${rowsText(unpricedRows)} is unknown (${reasons[unpriced] ?? unpriced})`, [
      `fix        say what tokens cost: prices: { "provider/model": { input: 0.25, output: 2 } } in sluice.config`,
    ]);
  }
  if (unboundedRows > 0) {
    throw refusal(`${rowsText(unboundedRows)} may cost any amount: ${unbounded}`, [
      "fix        bound the output of each row: --max-tokens 1000, or max_tokens in the rows",
    ]);
  }
  const other = costs.find((cost) => cost.currency !== currency);
  if (other === undefined) return;
  throw refusal(`the limit is in ${currency}, but the price of the model is in ${other.currency}`, [
    `fix        --max-cost ${other.currency === "CNY" ? "¥50" : "$10"}: amounts of two currencies cannot be compared`,
  ]);
};

const refusal = (reason: string, notes: readonly string[]): RunError =>
  new RunError(`cannot keep --max-cost: ${reason}  (nothing was sent)`, { exitCode: 2, notes });

const rowsText = (rows: number): string => (rows === 1 ? "1 row" : `${rows.toLocaleString("en")} rows`);

const reasons: Readonly<Record<string, string>> = {
  elsewhere: "they go to an address of your own",
  "self-hosted": "the model runs on a machine of your own",
  "model-not-listed": "the price table does not have the model",
  "provider-not-listed": "the price table does not have the provider",
  "no-token-price": "the price table has no price for tokens of the model",
  "not-loaded": "the price table could not be read",
};
