import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Registry } from "./registry.ts";

describe("Registry", () => {
  it("holds what was added and not yet removed, however adding and removing are mixed", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat())), (steps) => {
        const registry = new Registry<number>();
        const slots: { readonly slot: number; readonly item: number }[] = [];
        for (const [item, step] of steps.entries()) {
          const leaving = step === null ? undefined : slots[step % Math.max(1, slots.length)];
          if (leaving === undefined) slots.push({ slot: registry.add(item), item });
          else {
            registry.remove(leaving.slot);
            slots.splice(slots.indexOf(leaving), 1);
          }
          expect(registry.size).toBe(slots.length);
          expect(new Set(registry)).toEqual(new Set(slots.map((one) => one.item)));
        }
      }),
    );
  });

  it("gives freed slots to others, so that it grows no further than to what it held at once", () => {
    const registry = new Registry<string>();
    const slots = Array.from({ length: 10_000 }, () => {
      const slot = registry.add("one");
      registry.remove(slot);
      return slot;
    });
    expect(Math.max(...slots)).toBe(0);
  });
});
