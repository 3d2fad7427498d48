/** An input to try a run with, and what the run is told about it. */
export interface Example {
  readonly file: string;
  readonly text: string;
  /** The command's words behind `run`. */
  readonly words: readonly string[];
}

/** Prompts, one a line. */
export const questions = (inChinese: boolean): Example => ({
  file: "questions.jsonl",
  text: lines(asked(inChinese).map((prompt, index) => ({ custom_id: `q${index + 1}`, prompt }))),
  words: ["questions.jsonl", "-o", "answers.jsonl"],
});

/** A table, and a prompt that is made from its columns. */
export const reviews = (inChinese: boolean): Example => ({
  file: "reviews.csv",
  text: ["id,text", ...said(inChinese).map((text, index) => `r${index + 1},"${text}"`), ""].join("\n"),
  words: ["reviews.csv", "-p", labelPrompt(inChinese), "--id-column", "id", "-o", "labels.jsonl"],
});

/** Requests as the OpenAI Batch API takes them. */
export const requests = (inChinese: boolean, model: string): Example => ({
  file: "requests.jsonl",
  text: lines(
    asked(inChinese).map((content, index) => ({
      custom_id: `request-${index + 1}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model, messages: [{ role: "user", content }] },
    })),
  ),
  words: ["requests.jsonl", "--override-model", "-o", "results.jsonl"],
});

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const asked = (inChinese: boolean): readonly string[] =>
  inChinese
    ? ["用一句话说明什么是速率限制。", "给一只猫起三个名字。", "把“早上好”翻译成法语。"]
    : [
        "Say in one sentence what a rate limit is.",
        "Suggest three names for a cat.",
        "Translate 'good morning' into French.",
      ];

const said = (inChinese: boolean): readonly string[] =>
  inChinese
    ? ["物流很快，包装完好。", "用了两天就坏了。", "还行，没有想象中好。"]
    : ["Arrived early and works well.", "Broke after two days.", "It is fine, though less than I hoped for."];

const labelPrompt = (inChinese: boolean): string =>
  inChinese
    ? "这条评价是正面、负面还是中性？只回答一个词。{{text}}"
    : "Is this review positive, negative or neutral? Answer with one word. {{text}}";
