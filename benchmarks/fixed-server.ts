/** A server that gives every request the same 1 KB chat completion: it costs as little as a server can, so that the client's cost shows. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const body = JSON.stringify({
  id: "chatcmpl-fixed",
  object: "chat.completion",
  created: 1_763_800_000,
  model: "fixed",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "x".repeat(700) } }],
  usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
});
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(200, headers).end(body));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit(0));
