import type { Money } from "../../call/money.ts";

/** An amount in a message: two digits that mean something, or cents. */
export const inWords = ({ amount, currency }: Money): string => {
  const digits = amount >= 0.1 || amount === 0 ? amount.toFixed(2) : Number(amount.toPrecision(2)).toString();
  return `${currency === "USD" ? "$" : "¥"}${digits}`;
};
