import { playRun } from "./crash-world.ts";
import { crashEverywhere } from "./crash-check.ts";
const t = performance.now();
const w = await playRun({ seed: 1, rows: 30 });
console.log(w.steps.length, performance.now() - t);
console.log(await crashEverywhere(w, 4), performance.now() - t);
