import type { ChatMessage, ChatRequest } from "../chat-request.ts";

/** The same request with the answer and what is wrong with it behind it. */
export const askedAgain = (request: ChatRequest, answer: string, problems: readonly string[]): ChatRequest => {
  const { prompt, messages = [], ...rest } = request;
  const asked: readonly ChatMessage[] = [
    ...messages,
    ...(prompt === undefined ? [] : [{ role: "user", content: prompt } as const]),
    { role: "assistant", content: answer.trim() === "" ? "(empty)" : answer },
    { role: "user", content: complaint(problems) },
  ];
  return { ...rest, messages: asked };
};

const mostProblems = 20;

const complaint = (problems: readonly string[]): string =>
  [
    "Your answer does not fit what was asked for:",
    ...problems.slice(0, mostProblems).map((problem) => `- ${problem}`),
    "Answer the question again, with corrected JSON and nothing else.",
  ].join("\n");
