import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is on the heap when all that is garbage has been collected. */
export const usedHeap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};
