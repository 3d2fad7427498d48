import { describe, expect, it } from "vitest";
import { accountHash } from "./account-hash.ts";

const account = { baseURL: "https://api.openai.com/v1", model: "gpt-5-mini", apiKey: "sk-secret" };

describe("the hash of an account", () => {
  it("is the same whatever the path of the address", () => {
    expect(accountHash({ ...account, baseURL: "https://api.openai.com/v2/" })).toBe(accountHash(account));
  });

  it.each([{ baseURL: "https://api.openai.eu/v1" }, { model: "gpt-5" }, { apiKey: "sk-other" }, { apiKey: undefined }])(
    "differs with %j",
    (change) => {
      expect(accountHash({ ...account, ...change })).not.toBe(accountHash(account));
    },
  );

  it("tells nothing of what it is made of", () => {
    expect(accountHash(account)).toMatch(/^[0-9a-f]{32}$/);
  });
});
