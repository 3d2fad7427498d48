import { describe, expect, it } from "vitest";
import { buildCall as build, checkOutputBound, type RequestDefaults, type WireRequest } from "./build-call.ts";
import type { ChatRequest } from "./chat-request.ts";
import { RouteTable } from "./routes.ts";
import { ProviderTable } from "./provider-table.ts";

const buildCall = (request: ChatRequest, defaults: RequestDefaults): WireRequest =>
  build(request, defaults, new RouteTable(new ProviderTable({}, () => undefined)));

describe("buildCall", () => {
  it("sends a bound in the vendor's own field, and leaves an automatic one to be filled in", () => {
    const bounded = buildCall({ prompt: "a", maxOutputTokens: 9 }, { model: "openai/m", maxOutputTokens: "auto" });
    expect(bounded.body).toMatchObject({ max_completion_tokens: 9 });
    expect(bounded.boundable).toBeUndefined();
    const open = buildCall({ prompt: "a" }, { model: "openai/m", maxOutputTokens: "auto" });
    expect(JSON.stringify(open.body)).not.toContain("auto");
    expect(open.boundable).toBe(true);
    expect(buildCall({ prompt: "a", maxOutputTokens: "auto" }, { model: "m" }).boundable).toBe(true);
  });

  it("takes the client's bound for a prompt that has none, and none for a whole body", () => {
    const defaults = { model: "m", maxOutputTokens: 9 };
    expect(buildCall({ prompt: "a" }, defaults).body).toMatchObject({ max_tokens: 9 });
    expect(buildCall({ body: { messages: [] } }, defaults).body).toEqual({ messages: [], model: "m" });
  });

  it("refuses a bound that is none", () => {
    for (const maxOutputTokens of [0, -1, 0.5, NaN, Infinity])
      expect(() => buildCall({ prompt: "a", maxOutputTokens }, { model: "m" })).toThrow(/"maxOutputTokens" must be/);
    expect(() => checkOutputBound("all")).toThrow(/whole number above 0 or 'auto', got "all"/);
    expect(() => checkOutputBound(1)).not.toThrow();
  });
});
