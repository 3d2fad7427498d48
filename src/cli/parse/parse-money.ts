import type { Currency, Money } from "../../call/money.ts";
import { UsageError } from "../usage-error.ts";

/** Reads an amount such as `10`, `$10`, `¥50` or `50 CNY`. @throws UsageError naming the flag */
export const parseMoney = (text: string, flag: string): Money => {
  const {
    sign = "",
    digits = "",
    code = "",
  } = /^(?<sign>[$¥￥]?)\s*(?<digits>\d+(?:\.\d+)?)\s*(?<code>USD|CNY|usd|cny)?$/.exec(text.trim())?.groups ?? {};
  const amount = Number(digits);
  const currency = currencies[(sign + code).toUpperCase()];
  if (digits === "" || currency === undefined || !(amount > 0)) {
    throw new UsageError(`${flag} must be an amount such as 10, $10 or ¥50, got ${JSON.stringify(text)}`);
  }
  return { amount, currency };
};

const currencies: Readonly<Record<string, Currency>> = {
  "": "USD",
  $: "USD",
  USD: "USD",
  $USD: "USD",
  "¥": "CNY",
  "￥": "CNY",
  CNY: "CNY",
  "¥CNY": "CNY",
  "￥CNY": "CNY",
};
