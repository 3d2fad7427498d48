import type { Call, ModelRef } from "../call/call.ts";
import type { Cost } from "../call/money.ts";
import type { Layer } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { PriceBook } from "../provider/prices/price-book.ts";

/** What the price of a call is looked up in. */
export interface PricedParts {
  readonly book: PriceBook;
  /** Whether the price table is to be read: not where something else answers in place of providers. */
  readonly tabled: boolean;
  /** Whether the call went to an address of which nobody knows the prices. */
  readonly isElsewhere: (call: Call) => boolean;
}

/** Says what each call has cost, as far as its price is known. */
export const priced = ({ book, tabled, isElsewhere }: PricedParts): Layer => {
  let loading: Promise<void> | undefined;
  let ready = !tabled;
  const load = async (): Promise<void> => {
    // Without the table some prices are unknown; the calls go on.
    await book.load().catch(() => undefined);
    ready = true;
  };
  return (next) =>
    async function priced(call, context) {
      if (!ready) loading ??= load();
      const reply = await next(call, context);
      if (reply.reused !== undefined) return reply;
      if (!ready) await loading;
      const cost = isElsewhere(call) ? undefined : costOf(book, reply.answeredBy?.model ?? call.model, reply);
      return cost === undefined ? reply : { ...reply, cost };
    };
};

/** An answer that another call has paid for costs nothing. */
const costOf = (book: PriceBook, model: ModelRef, { usage, reused }: Reply): Cost | undefined =>
  usage === undefined || reused !== undefined ? undefined : book.price(model, usage);
