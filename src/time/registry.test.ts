import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Registry } from "./registry.ts";

describe("Registry", () => {
  it("holds exactly what was added and not removed, in no more slots than were ever in use at once", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (steps) => {
        const registry = new Registry<number>();
        const held = new Map<number, number>();
        let most = 0;
        for (const [item, adds] of steps.entries()) {
          const oldest = held.keys().next();
          if (adds || oldest.done === true) held.set(registry.add(item), item);
          else {
            registry.remove(oldest.value);
            held.delete(oldest.value);
          }
          most = Math.max(most, held.size);
          expect(registry.size).toBe(held.size);
        }
        expect(new Set(registry)).toEqual(new Set(held.values()));
        for (const slot of held.keys()) expect(slot).toBeLessThan(most);
      }),
    );
  });
});
