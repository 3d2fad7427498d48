import { describe, expect, it } from "vitest";
import { Places } from "./places.ts";

const at = (name: string) => ({ deployment: "a", model: { provider: "a", name } });

describe("Places", () => {
  it("remember what they know of each model of a deployment", () => {
    const places = new Places();
    expect(places.of(at("m"))).toBe(places.of(at("m")));
    expect(places.of(at("m"))).not.toBe(places.of(at("other")));
  });

  it("are a thousand or so when rows name a million models, and those in use are kept", () => {
    const places = new Places();
    const used = Array.from({ length: 20 }, (_, index) => places.of(at(`used ${index}`)));
    for (const { health } of used) health.entered();
    for (let index = 0; index < 20_000; index++) places.of(at(String(index)));
    expect(places.size).toBeLessThan(1100);
    for (const [index, place] of used.entries()) expect(places.of(at(`used ${index}`))).toBe(place);
  });
});
