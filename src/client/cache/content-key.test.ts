import { describe, expect, it } from "vitest";
import { virtualContext } from "../../../test/fixtures/virtual-call.ts";
import type { Call } from "../../call/call.ts";
import type { Context } from "../../call/context.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import type { BoundableCall } from "../automatic-bound.ts";
import { contentKeys } from "./content-key.ts";

const call: Call = {
  id: "a",
  operation: "chat",
  model: { provider: "openai", name: "m" },
  body: { model: "m", messages: [{ role: "user", content: "hi" }], temperature: 0 },
  demand: { inputTokens: 1, outputTokens: 1 },
};

const keyOf = (changed: Partial<BoundableCall> = {}, more: Partial<Context> = {}, base = "https://a/v1") =>
  contentKeys(() => base)({ ...call, ...changed }, virtualContext(new VirtualClock(), more));

const at = (path: string): Partial<Context> => ({
  address: { origin: "https://b", path, headers: { authorization: "Bearer secret" } },
});

describe("contentKeys", () => {
  it("are 64 hexadecimal digits that are the same for ever", () => {
    expect(keyOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf()).toBe(keyOf());
    expect(keyOf()).toBe("93cc0e3cf9fdaf6a10c37f9b4610499cb784b07c25d05cf50b97ef48b03c1383");
  });

  it.each<readonly [string, Partial<Call>]>([
    ["the order of the fields", { body: { temperature: 0, messages: [{ content: "hi", role: "user" }], model: "m" } }],
    [
      "whether the answer is streamed",
      { body: { ...call.body, stream: true, stream_options: { include_usage: true } } },
    ],
    ["the name of the call", { id: "b" }],
    ["the place in line", { flow: { priority: 3, tenant: "t" } }],
    ["the demand", { demand: { inputTokens: 9, outputTokens: 9 } }],
    ["which of several keys is used", { deployment: "openai#2" }],
  ])("do not depend on %s", (_, changed) => {
    expect(keyOf(changed)).toBe(keyOf());
  });

  it.each<readonly [string, Partial<BoundableCall>]>([
    ["what is asked", { body: { ...call.body, messages: [{ role: "user", content: "ho" }] } }],
    ["a parameter", { body: { ...call.body, temperature: 1 } }],
    ["the model", { model: { provider: "openai", name: "n" } }],
    ["the provider", { model: { provider: "azure", name: "m" } }],
    ["the deployments that may answer", { group: "fast" }],
    ["the operation", { operation: "responses" }],
    ["whether we may bound the answer", { boundable: true }],
  ])("depend on %s", (_, changed) => {
    expect(keyOf(changed)).not.toBe(keyOf());
  });

  it("depend on the address, but not with the key that an SDK sends", () => {
    const keys = [keyOf(), keyOf({}, {}, "https://c/v1"), keyOf({}, at("/v1/chat")), keyOf({}, at("/v2/chat"))];
    expect(new Set(keys).size).toBe(4);
    expect(keyOf({}, at("/v1/chat?key=another"))).toBe(keyOf({}, at("/v1/chat")));
  });

  it.each<readonly [string, Call["body"]]>([
    ["goes on with what the provider remembers", { ...call.body, conversation: "conv_1" }],
    ["gets a receipt instead of an answer", { ...call.body, background: true }],
    ["cannot be sent", { ...call.body, n: 1n as unknown as number }],
  ])("are absent for a call that %s", (_, body) => {
    expect(keyOf({ body })).toBeUndefined();
  });
});
