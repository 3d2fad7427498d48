import { describe, expect, it } from "vitest";
import { createRedactor, maskKey } from "./redact.ts";

const key = "sk-proj-abcdefghijklmnopqrstuvwxa1f3";

describe("maskKey", () => {
  it("shows the kind of key and its last four characters", () => {
    expect(maskKey(key)).toBe("sk-…a1f3");
    expect(maskKey("gsk_abcdefghijklmnopqrst9z9z")).toBe("gsk_…9z9z");
    expect(maskKey("0123456789abcdef0123456789abcdef")).toBe("…cdef");
  });

  it("shows nothing of a short key", () => {
    expect(maskKey("sk-12345")).toBe("…");
  });
});

describe("a redactor", () => {
  it("masks the key, other keys, half masked keys and bearer tokens", () => {
    const { text } = createRedactor(key);
    expect(text(`Incorrect API key provided: ${key}.`)).toBe("Incorrect API key provided: sk-…a1f3.");
    expect(text("key sk-other-0123456789abcdef failed")).not.toContain("0123456789");
    expect(text("Incorrect API key provided: sk-abcde***********wxyz.")).not.toContain("abcde");
    expect(text("Authorization: Bearer abcdef0123456789")).toBe("Authorization: Bearer …6789");
  });

  it("leaves ordinary words alone", () => {
    const words = "risk-averse task-oriented desk-based ask-me-anything sk-8 and the bearer of news";
    expect(createRedactor().text(words)).toBe(words);
  });

  it("masks a short key that has no shape of its own", () => {
    expect(createRedactor("hunter2").text("wrong key hunter2")).toBe("wrong key …");
  });

  it("reaches into values, names included", () => {
    const value = { message: [`bad ${key}`], [key]: 1, deep: { at: key, count: 3, none: null } };
    const shown = createRedactor(key).value(value);
    expect(JSON.stringify(shown)).not.toContain("abcdefgh");
    expect(shown).toMatchObject({ message: ["bad sk-…a1f3"], deep: { count: 3, none: null } });
  });
});
