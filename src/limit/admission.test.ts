import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { Admission } from "./admission.ts";
import type { Limits } from "./limits.ts";
import { QuotaSet } from "./quota-set.ts";
import type { Ticket } from "./ticket.ts";

const ticket = (sequence: number, tokens = 0, priority = 0): Ticket => ({
  demand: { inputTokens: tokens, outputTokens: 0 },
  share: 0,
  amounts: undefined,
  grant: 0,
  grantedAt: 0,
  tenant: "",
  priority,
  sequence,
  size: tokens,
  state: "queued",
});

const world = (limits: Limits) => {
  const quotas = new QuotaSet(limits);
  const used = (now: number) =>
    Object.fromEntries(quotas.stats(now, undefined).map((stats) => [stats.name, stats.used]));
  return { quotas, queue: new Admission(quotas), used };
};

const grantAll = (queue: Admission, now: number): Ticket[] => {
  const granted: Ticket[] = [];
  for (let next = queue.next(now); next !== undefined; next = queue.next(now)) granted.push(next);
  return granted;
};

const sequences = (tickets: readonly Ticket[]): number[] => tickets.map(({ sequence }) => sequence);

const usage = (inputTokens: number) =>
  ({ ok: true, usage: { inputTokens, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 } }) as const;

const failure = (error: CallError) => ({ ok: false, error }) as const;

describe("Admission", () => {
  it("grants by age among equals, whatever the order of arrival; a retry is older than what came after it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (arrivals) => {
        const { queue } = world({ maxConcurrent: 100 });
        for (const sequence of arrivals) queue.enqueue(ticket(sequence));
        expect(sequences(grantAll(queue, 0))).toEqual(arrivals.toSorted((a, b) => a - b));
      }),
    );
  });

  it("grants a higher priority first when both begin to wait", () => {
    const { queue } = world({ maxConcurrent: 1 });
    queue.enqueue(ticket(1));
    queue.enqueue(ticket(2, 0, 1));
    expect(sequences(grantAll(queue, 0))).toEqual([2]);
  });

  it("takes from every quota or from none", () => {
    const { queue, used } = world({ maxConcurrent: 5, requestsPerMinute: 100, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 1000));
    expect(grantAll(queue, 0)).toHaveLength(1);
    queue.enqueue(ticket(2, 1000));
    expect(grantAll(queue, 5000)).toHaveLength(0);
    expect(used(5000)).toEqual({ maxConcurrent: 1, requestsPerMinute: 1, tokensPerMinute: 1000 });
    expect(queue.boundBy).toBe("tokensPerMinute");
  });

  it("lets nothing pass the head that would put it off", () => {
    const { queue } = world({ maxConcurrent: 100, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 900));
    grantAll(queue, 0);
    queue.enqueue(ticket(2, 800));
    queue.enqueue(ticket(3, 201));
    expect(grantAll(queue, 1000)).toHaveLength(0);
    expect(sequences(grantAll(queue, 60_300))).toContain(2);
  });

  it("lets nothing pass a head that waits for the cap, where both together would exceed it", () => {
    const { queue } = world({ maxConcurrent: 100, tokensPerDay: 1000 });
    queue.enqueue(ticket(1, 900));
    grantAll(queue, 0);
    for (const [sequence, tokens] of [
      [2, 950],
      [3, 60],
      [4, 40],
    ] as const)
      queue.enqueue(ticket(sequence, tokens));
    expect(sequences(grantAll(queue, 3_600_000))).toEqual([4]);
    expect(sequences(grantAll(queue, 86_600_000))).toContain(2);
  });

  it("leaves nothing waiting that has room: all that is left waits for a limit, a hold or a settlement", () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 400 }), fc.boolean()),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (trace) => {
        const { queue, quotas } = world({ maxConcurrent: 3, requestsPerMinute: 60, tokensPerMinute: 3000 });
        const running: Ticket[] = [];
        let now = 0;
        for (const [sequence, [gapMs, tokens, ends]] of trace.entries()) {
          now += gapMs;
          const ended = ends ? running.shift() : undefined;
          if (ended === undefined) queue.enqueue(ticket(sequence, tokens));
          else queue.settle(now, ended, usage(ended.demand.inputTokens));
          running.push(...grantAll(queue, now));
          const head = [...queue.waiting()].toSorted((a, b) => a.sequence - b.sequence)[0];
          if (head === undefined) continue;
          const amounts = {
            slot: 1,
            request: 1,
            input: head.demand.inputTokens,
            output: 0,
            total: head.demand.inputTokens,
          };
          expect(quotas.dimensions.some((dimension) => dimension.waitMs(now, amounts[dimension.unit]) > 0)).toBe(true);
          expect(queue.boundBy).toBeDefined();
        }
      }),
    );
  });

  it("never says that it can go on at a time that the clock cannot tell from now", () => {
    const limits = fc.integer({ min: 1, max: 1_000_000_000 });
    const times = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 1e12 }), times, (tokensPerMinute, begin, gaps) => {
        const { queue } = world({ maxConcurrent: 1000, tokensPerMinute });
        let now = begin;
        for (const [index, gapMs] of gaps.entries()) {
          now += gapMs;
          queue.enqueue(ticket(index, tokensPerMinute / 7));
          grantAll(queue, now);
          expect(queue.wakeAt).toBeGreaterThan(now);
        }
      }),
    );
  });

  it("grants everything that waits, if it is called when it asked to be", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, (tokens) => {
        const { queue } = world({ maxConcurrent: 1000, requestsPerMinute: 60, tokensPerMinute: 1000 });
        for (const [index, amount] of tokens.entries()) queue.enqueue(ticket(index, amount));
        let now = 0;
        let granted = grantAll(queue, now).length;
        for (let turns = 0; queue.queued > 0 && turns < 1000; turns++) {
          now = queue.wakeAt;
          granted += grantAll(queue, now).length;
        }
        expect(granted).toBe(tokens.length);
        expect(now).toBeLessThanOrEqual(60_200 * tokens.length);
      }),
    );
  });

  it("forgets who withdraws, and grants the others in order", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (leaves) => {
        const { queue } = world({ maxConcurrent: 1000 });
        const tickets = leaves.map((_, index) => ticket(index));
        for (const one of tickets) queue.enqueue(one);
        for (const [index, one] of tickets.entries())
          if (leaves[index] === true) expect(queue.withdraw(one)).toBe(true);
        expect(queue.queued).toBe(leaves.filter((leave) => !leave).length);
        expect(sequences(grantAll(queue, 0))).toEqual(sequences(tickets.filter((_, index) => leaves[index] !== true)));
        for (const one of tickets) expect(queue.withdraw(one)).toBe(false);
        expect(queue.queued).toBe(0);
      }),
    );
  });

  it("settles once: what comes later changes nothing", () => {
    const { queue, used } = world({ maxConcurrent: 2, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 500));
    const [granted] = grantAll(queue, 0);
    if (granted === undefined) throw new Error("nothing was granted");
    queue.settle(10, granted, usage(100));
    queue.settle(10, granted, undefined);
    queue.settle(10, granted, failure(new CallError("throttled", "no", { status: 429, retryAfterMs: 9000 })));
    queue.produced(10, granted, 900);
    queue.observe(10, granted, [{ unit: "total", limit: 7 }]);
    expect(used(10)).toMatchObject({ maxConcurrent: 0, tokensPerMinute: 100 });
    expect([queue.inFlight, queue.hold.until]).toEqual([0, -Infinity]);
  });

  it("has taken exactly what its tickets hold or have used, at every moment of the first minute", () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 0, max: 300 }), fc.nat({ max: 400 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, (trace) => {
        const { queue, used } = world({ maxConcurrent: 20, tokensPerMinute: 100_000, requestsPerMinute: 10_000 });
        const running: Ticket[] = [];
        let tokens = 0;
        let requests = 0;
        for (const [now, [what, amount, real]] of trace.entries()) {
          const one = what === 0 ? undefined : running.shift();
          if (one === undefined) queue.enqueue(ticket(now, amount));
          else if (what === 1) queue.settle(now, one, usage(real));
          else if (what === 2) queue.settle(now, one, undefined);
          else queue.settle(now, one, failure(new CallError("invalid_request", "no", { status: 400 })));
          if (one !== undefined) {
            tokens += (what === 1 ? real : 0) - one.demand.inputTokens;
            requests -= what === 2 ? 1 : 0;
          }
          for (const granted of grantAll(queue, now)) {
            running.push(granted);
            tokens += granted.demand.inputTokens;
            requests += 1;
          }
          expect(used(now)).toEqual({
            maxConcurrent: running.length,
            tokensPerMinute: tokens,
            requestsPerMinute: requests,
          });
          expect(queue.inFlight).toBe(running.length);
        }
      }),
    );
  });

  it("charges a stream for what it has produced beyond what was reserved, while it runs", () => {
    const { queue, used } = world({ maxConcurrent: 2, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 100));
    const [granted] = grantAll(queue, 0);
    if (granted === undefined) throw new Error("nothing was granted");
    for (const [produced, wanted] of [
      [0, 100],
      [50, 150],
      [40, 150],
      [300, 400],
    ] as const) {
      queue.produced(10, granted, produced);
      expect(used(10)).toMatchObject({ tokensPerMinute: wanted, maxConcurrent: 1 });
    }
    queue.settle(20, granted, usage(120));
    expect(used(20)).toMatchObject({ tokensPerMinute: 120, maxConcurrent: 0 });
  });

  it("takes a figure in an error for the limit that the error names, and for none when it names none or several", () => {
    const claimed = (exceeded: "tokens" | undefined, limits: Limits): unknown => {
      const { queue, quotas } = world(limits);
      queue.enqueue(ticket(1, 900));
      const [granted] = grantAll(queue, 0);
      if (granted === undefined) throw new Error("nothing was granted");
      const details = { status: 429, quota: { limit: 30 }, ...(exceeded === undefined ? {} : { exceeded }) };
      queue.settle(10, granted, failure(new CallError("throttled", "Limit 30", details)));
      return quotas.stats(20, undefined).map(({ name, value }) => [name, value]);
    };
    const one = { maxConcurrent: 1, tokensPerMinute: 1000 };
    expect(claimed("tokens", one)).toContainEqual(["tokensPerMinute", 30]);
    expect(claimed(undefined, one)).toContainEqual(["tokensPerMinute", 1000]);
    const two = { ...one, inputTokensPerMinute: 1000 };
    expect(claimed("tokens", two)).toContainEqual(["tokensPerMinute", 1000]);
    expect(claimed("tokens", two)).toContainEqual(["inputTokensPerMinute", 1000]);
  });

  it("stops while a quota that is used up is away, and then tries one", () => {
    const { queue } = world({ maxConcurrent: 10 });
    for (let sequence = 0; sequence < 5; sequence++) queue.enqueue(ticket(sequence));
    const [first, ...others] = grantAll(queue, 0);
    if (first === undefined) throw new Error("nothing was granted");
    queue.settle(10, first, failure(new CallError("quota_exhausted", "spent", { status: 429 })), 3_600_000);
    for (const other of others) queue.settle(20, other, usage(0));
    for (let sequence = 5; sequence < 10; sequence++) queue.enqueue(ticket(sequence));
    expect(grantAll(queue, 30)).toEqual([]);
    expect([queue.boundBy, queue.wakeAt]).toEqual(["quota", 3_600_010]);
    expect(grantAll(queue, 3_600_010)).toHaveLength(1);
  });

  it("names what can never fit, and lets through what just does", () => {
    const { queue } = world({ tokensPerMinute: 1000 });
    expect(queue.tooLargeFor(ticket(1, 1000).demand)).toBeUndefined();
    expect(queue.tooLargeFor(ticket(1, 1001).demand)).toMatchObject({
      dimension: { name: "tokensPerMinute" },
      amount: 1001,
    });
  });

  it("tells when such a call could start, and empties itself on request", () => {
    const { queue } = world({ maxConcurrent: 1000, requestsPerMinute: 60 });
    for (let index = 0; index < 3; index++) queue.enqueue(ticket(index));
    expect(queue.earliestStart(0, ticket(9).demand)).toBe(0);
    grantAll(queue, 0);
    expect(queue.earliestStart(0, ticket(9).demand)).toBeCloseTo(1000 / 0.995);
    expect(sequences([...queue.drain()])).toEqual([1, 2]);
    expect([queue.queued, queue.boundBy]).toEqual([0, undefined]);
  });
});
