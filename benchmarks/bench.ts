/** Runs the benchmark that is named first: `quota`, `tokens`, `run` or, by default, `stack`. */
const [, , name = "stack"] = process.argv;
process.argv.splice(2, 1);
if (name === "quota") await import("./quota.ts");
else if (name === "tokens") await import("./tokens.ts");
else if (name === "stack") await import("./stack.ts");
else if (name === "run") await import("./run.ts");
else throw new Error(`Cannot run the benchmark: there are "stack", "quota", "tokens" and "run", got "${name}"`);
