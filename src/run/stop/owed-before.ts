import type { Money } from "../../call/money.ts";
import type { Payments } from "../journal/payments.ts";

/** What earlier runs may have been charged for without an answer, as far as it is known. */
export const owedBefore = (payments: Payments): readonly Money[] => [
  ...payments.tallied().atMost,
  ...[...payments.debts()].flatMap(([, { atMost }]) => (atMost === undefined ? [] : [atMost])),
];
