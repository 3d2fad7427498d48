import { describe, expect, it } from "vitest";
import type { CallErrorCode } from "../../call/call-error.ts";
import type { CallEvent } from "../../call/call-event.ts";
import { styleOf } from "../display/style.ts";
import { retryLine, retryNews } from "./retry-news.ts";

const retried = (code: CallErrorCode, message: string): CallEvent => ({
  type: "call-retry",
  at: 0,
  id: "r1",
  attempt: 1,
  code,
  message,
  waitMs: 100,
});

describe("news of retries", () => {
  it("tell the first failure of each kind", () => {
    const newsOf = retryNews();
    const told = [retried("server", "a"), retried("server", "b"), retried("network", "c")].map(newsOf);
    expect(told).toEqual([{ code: "server", message: "a" }, undefined, { code: "network", message: "c" }]);
    expect(newsOf({ type: "call-end", at: 0, id: "r1", totalMs: 1 })).toBeUndefined();
  });

  it("are one line without control characters, cut where the width ends", () => {
    const news = retryNews()(retried("server", "openai answered\u001b[2J 500:\noops"));
    const line = (columns: number): string =>
      retryLine(
        news ?? { code: "server", message: "" },
        styleOf({ columns, colour: false, ascii: false, chinese: false }),
      );
    expect(line(80)).toBe("retrying  openai answered 500: oops");
    expect(line(22)).toBe("retrying  openai an…");
  });
});
