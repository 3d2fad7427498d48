import type { Answer } from "./answer.ts";
import { type Completion, usageOf } from "./completion-script.ts";
import type { Frame, Script } from "./script.ts";

/** Delivers the completion as server-sent events: the roles, a frame per token, then finish reasons, usage, `[DONE]`. */
export const streamScript = (completion: Completion): Script => {
  const { request, answers, latency } = completion;
  const wire = chunkWire(completion);
  const last = Math.max(...answers.map((answer) => answer.tokens.length)) - 1;
  const frames: Frame[] = [
    { atMs: latency.firstMs, text: answers.map(wire.role).join(""), tokens: 0, completes: false },
  ];
  for (let place = 0; place <= last; place++) {
    frames.push(tokenFrame(answers, place, latency.firstMs + place * latency.tokenMs, wire));
  }
  const usage = request.includeUsage ? wire.usage : "";
  const tail = `${answers.map(wire.finish).join("")}${usage}data: [DONE]\n\n`;
  frames.push({ atMs: latency.firstMs + last * latency.tokenMs, text: tail, tokens: 0, completes: true });
  return {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
    frames,
    ending: "end",
    filler: ": keep-alive\n\n",
  };
};

interface ChunkWire {
  readonly role: (answer: Answer, index: number) => string;
  readonly content: (index: number, token: string) => string;
  readonly finish: (answer: Answer, index: number) => string;
  readonly usage: string;
}

const tokenFrame = (answers: readonly Answer[], place: number, atMs: number, wire: ChunkWire): Frame => {
  let text = "";
  let tokens = 0;
  answers.forEach((answer, index) => {
    const token = answer.tokens[place];
    if (token === undefined) return;
    text += wire.content(index, token);
    tokens++;
  });
  return { atMs, text, tokens, completes: false };
};

/** Chunks differ by a few bytes, so the rest is serialised once and they are put together as text. */
const chunkWire = ({ id, created, request, answers }: Completion): ChunkWire => {
  const shared = { id, object: "chat.completion.chunk", created, model: request.model };
  const head = `data: ${JSON.stringify({ ...shared, service_tier: "default", system_fingerprint: "fp_simulated" }).slice(0, -1)},"choices":[`;
  const tail = request.includeUsage ? `],"usage":null}\n\n` : "]}\n\n";
  const chunk = (index: number, delta: string, finish: string): string =>
    `${head}{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${tail}`;
  return {
    role: (_answer, index) => chunk(index, `{"role":"assistant","content":"","refusal":null}`, "null"),
    content: (index, token) => chunk(index, `{"content":${JSON.stringify(token)}}`, "null"),
    finish: (answer, index) => chunk(index, "{}", `"${answer.finish}"`),
    usage: `${head}],"usage":${JSON.stringify(usageOf(request, answers))}}\n\n`,
  };
};
