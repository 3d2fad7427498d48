// Workers around a queue: any async function, with priorities, a timeout and retries for each task, and a queue that pushes back.
import { createLLM, createPool, type TaskContext } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 4 });
await using llm = createLLM({ model: "example", baseURL: provider.url });

await using pool = createPool({ maxConcurrent: 4, maxRetries: 2, timeout: "30s", maxQueued: 8 });

// A task gets its arguments, and then a signal that tells it to stop.
const answered: string[] = [];
const answer = async (question: string, { signal }: TaskContext): Promise<void> => {
  await llm.chat(question, { signal });
  answered.push(question);
};

// A failure is handled where its task is submitted: a rejection that waits for a later `await` would end the program.
const report = (error: unknown): void => console.error(String(error));
const tasks: Promise<void>[] = [];
for (let number = 1; number <= 12; number++) {
  await pool.ready(); // waits while the queue is full, so a producer of millions stays small
  tasks.push(pool.submit(answer, `question ${number}`).catch(report));
}
await pool.ready();
tasks.push(pool.with({ priority: 10 }).submit(answer, "the urgent question").catch(report));

await pool.drain();
await Promise.all(tasks);
console.log(`order: ${answered.join(", ")}`);

const { succeeded, failed, queued, running } = pool.stats;
console.log(`succeeded ${succeeded}, failed ${failed}, queued ${queued}, running ${running}`);
