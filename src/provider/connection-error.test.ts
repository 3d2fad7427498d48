import { describe, expect, it } from "vitest";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { AttemptFacts } from "./attempt-facts.ts";
import { connectionError } from "./connection-error.ts";
import { createRedactor } from "./redact.ts";
import { findVendor } from "./vendors.ts";

const facts: AttemptFacts = {
  call: {
    id: "1",
    operation: "chat",
    model: { provider: "openai", name: "m" },
    body: {},
    demand: { inputTokens: 0, outputTokens: 0 },
  },
  context: {
    signal: new AbortController().signal,
    cancel: () => {},
    clock: new VirtualClock(),
    attempt: 1,
    sequence: 0,
    observe: () => {},
  },
  vendor: findVendor("openai") ?? expect.fail(),
  deployment: "openai",
  origin: "https://api.openai.com",
  redactor: createRedactor(),
};

const coded = (code: string, message = "m"): Error => Object.assign(new Error(message), { code });

describe("connectionError", () => {
  it.each([
    ["ECONNREFUSED", true, true],
    ["ENOTFOUND", true, true],
    ["EAI_AGAIN", true, true],
    ["UND_ERR_CONNECT_TIMEOUT", true, true],
    ["ERR_SSL_WRONG_VERSION_NUMBER", true, true],
    ["CERT_HAS_EXPIRED", true, false],
    ["ERR_TLS_CERT_ALTNAME_INVALID", true, false],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", true, false],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", true, false],
    ["ECONNRESET", false, true],
    ["UND_ERR_SOCKET", false, true],
  ])("takes %s for unreachable: %s, retryable: %s", (code, unreachable, retryable) => {
    expect(connectionError(facts, coded(code))).toMatchObject({ code: "network", unreachable, retryable });
  });

  it("finds the code behind wrapping errors, and inside the attempts at several addresses", () => {
    const wrapped = new Error("fetch failed", { cause: new Error("inner", { cause: coded("ENOTFOUND") }) });
    expect(connectionError(facts, wrapped).unreachable).toBe(true);
    const several = new AggregateError([coded("ECONNREFUSED", "connect ECONNREFUSED ::1:1")]);
    expect(connectionError(facts, several).message).toBe(
      "openai could not be reached at https://api.openai.com: connect ECONNREFUSED ::1:1",
    );
  });

  it("takes what breaks before the request begins to leave for unreachable", () => {
    expect(connectionError(facts, coded("ECONNRESET"), false)).toMatchObject({ code: "network", unreachable: true });
  });

  it("takes a refusing proxy for unreachable", () => {
    const refused = coded("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling");
    expect(connectionError(facts, refused).unreachable).toBe(true);
  });

  it("does not retry what can never be sent", () => {
    expect(connectionError(facts, coded("UND_ERR_INVALID_ARG")).code).toBe("invalid_request");
  });
});
