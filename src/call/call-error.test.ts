import { describe, expect, it } from "vitest";
import { CallError, type CallErrorCode, cancellation } from "./call-error.ts";

describe("CallError", () => {
  const codes: Record<CallErrorCode, boolean> = {
    throttled: true,
    overloaded: true,
    server: true,
    network: true,
    malformed: true,
    timeout: true,
    quota_exhausted: false,
    too_large: false,
    auth: false,
    invalid_request: false,
    context_length: false,
    content_filter: false,
    not_found: false,
    interrupted: false,
    schema: false,
    cancelled: false,
    budget: false,
    queue_full: false,
    closed: false,
  };

  it.each(Object.entries(codes))("with code %s: retryable is %s", (code, retryable) => {
    expect(new CallError(code as CallErrorCode, "it failed").retryable).toBe(retryable);
  });

  it("lets the provider's word about retrying overrule the code", () => {
    expect(new CallError("auth", "it failed", { retryable: true }).retryable).toBe(true);
    expect(new CallError("server", "it failed", { retryable: false }).retryable).toBe(false);
  });

  it("keeps everything that is known when more is added, and points at where it was classified", () => {
    const cause = new Error("socket");
    const details = { cause, status: 503, provider: "openai", model: "m", requestId: "r1", retryAfterMs: 20, body: {} };
    const first = new CallError("server", "it failed", { ...details, unreachable: true });
    const more = first.with({ code: "interrupted", retryable: false, partial: "Once", attempts: 3 });
    expect(more).toMatchObject({ ...details, unreachable: true, code: "interrupted", partial: "Once", attempts: 3 });
    expect(more.retryable).toBe(false);
    expect(more.stack).toBe(first.stack);
    expect(first).toMatchObject({ code: "server", attempts: 0, partial: undefined });
  });

  it("decides anew about retrying when only the code changes", () => {
    expect(new CallError("server", "it failed").with({ code: "auth" }).retryable).toBe(false);
  });
});

describe("cancellation", () => {
  it("is the signal's own reason when that is a CallError", () => {
    const reason = new CallError("timeout", "too long");
    expect(cancellation(reason)).toBe(reason);
  });

  it.each([
    [undefined, "The call was cancelled"],
    [AbortSignal.abort().reason, "The call was cancelled"],
    [new Error("the user left"), "The call was cancelled: the user left"],
  ])("says why when that is known: %s", (reason, message) => {
    const { code, message: said, cause } = cancellation(reason);
    expect([code, said, cause]).toEqual(["cancelled", message, reason]);
  });
});
