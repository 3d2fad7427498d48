import { createServer } from "node:net";
import { systemCode } from "../run-error.ts";

/**
 * Takes a name that one process of this machine can have at a time, and that the kernel takes back when the process ends,
 * however it ends: an abstract Unix socket. Returns what gives it back; nothing when another process has it.
 *
 * @throws the system's error where there is no such thing
 */
export const takeName = async (name: string): Promise<(() => Promise<void>) | undefined> => {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once("error", (error) => {
      if (systemCode(error) === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(`\0${name}`, () => resolve(true));
  });
  if (!taken) return undefined;
  return () => new Promise((resolve) => server.close(() => resolve()));
};
