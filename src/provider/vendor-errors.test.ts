import { describe, expect, it } from "vitest";
import { call, context, provider, serveProvider } from "../../test/fixtures/provider-call.ts";
import { vendorErrors } from "../../test/fixtures/vendor-errors/index.ts";
import { vendorOf } from "../../test/fixtures/vendor-errors/vendor-of.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";
import { vendorNames } from "./vendors.ts";

describe.each(Object.entries(vendorErrors))("what %s answers when a call fails", (name, errors) => {
  it.each(errors)("means the right thing: $status $name is $code", async (error) => {
    const { status, body, headers = {}, code, retryable, retryAfterMs } = error;
    const baseURL = await serveProvider(answering(status, body, headers));
    const ask = provider(baseURL, { vendor: vendorOf(name) })(call(), context());
    await expect(ask).rejects.toMatchObject({ name: "CallError", status, code, retryable, retryAfterMs });
  });
});

describe("the answers of failed calls", () => {
  it("are known of every vendor", () => {
    expect(vendorNames.filter((name) => !Object.hasOwn(vendorErrors, name))).toEqual([]);
  });
});
