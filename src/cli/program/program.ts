import { Command } from "commander";
import { version } from "../../provider/version.ts";
import type { ConfigCommandFlags } from "../commands/config.ts";
import type { DemoFlags } from "../commands/demo.ts";
import type { MockFlags } from "../commands/mock.ts";
import { addEstimate } from "./estimate-command.ts";
import { addExport } from "./export-command.ts";
import { printable } from "../display/printable.ts";
import type { Host } from "../host.ts";
import { addAgainCommands } from "./again-commands.ts";
import { addConfigFiles, addLookingCommands, collect, examples } from "./looking-commands.ts";
import { addDisplay, addLimits, addRunFlags } from "./run-command-flags.ts";
import { addRunLooks } from "./run-looking-commands.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";

/** The command tree. What a command needs is loaded when it is used: `--help` and `--version` answer at once. */
export const createProgram = (host: Host, onExit: (code: number) => void): Command => {
  const program = new Command("sluice")
    .description("Very many LLM calls, as fast as your limits allow, without losing or double-paying any of them.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: (text) => void host.stderr.write(printable(text)) })
    .showHelpAfterError("next  sluice --help")
    .addHelpText("after", `\n${examples(topExamples)}`);
  addRun(program, host, onExit);
  addEstimate(program, host, onExit);
  addExport(program, host, onExit);
  addAgainCommands(program, host, onExit);
  addLookingCommands(program, host, onExit);
  addRunLooks(program, host, onExit);
  addDemo(program, host, onExit);
  addMock(program, host, onExit);
  addConfig(program, host, onExit);
  return program;
};

const addRun = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("run")
    .summary("answer every row of a file of prompts; the same command again goes on where it stopped")
    .description(examples(runExamples))
    .argument(
      "<input...>",
      "JSONL (OpenAI Batch, prompts, messages), JSON, CSV, Parquet, text, .gz; globs; - for stdin",
    )
    .showHelpAfterError("next  sluice run --help");
  addRunFlags(command);
  command.action(async (input: string[], flags: RunFlags & DisplayFlags & ConfigFlags) => {
    const { run } = await import("../commands/run.ts");
    onExit(await run(input, flags, host));
  });
};

const addDemo = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("demo")
    .summary("the main job on example data, against the built-in provider: no key, no network")
    .description(examples(["sluice demo", "sluice demo --rows 100 --keep ./demo"]))
    .option("--rows <n>", "how many questions (default: 300)")
    .option("--keep <folder>", "write the files there, and leave them there")
    .showHelpAfterError("next  sluice demo --help");
  addDisplay(command);
  command.action(async (flags: DemoFlags & DisplayFlags) => {
    const { demo } = await import("../commands/demo.ts");
    onExit(await demo(flags, host));
  });
};

const addMock = (program: Command, host: Host, onExit: (code: number) => void): void => {
  program
    .command("mock")
    .summary("a provider on this machine, with quotas, latency and faults")
    .description(examples(["sluice mock", "sluice mock --rpm 500 --latency 800 --fault 500=0.02 --fault reset=1%"]))
    .option("--port <n>", "0 takes any free one (default: 4010, or the next free one)")
    .option("--rpm <rate>", "its quota of requests per minute")
    .option("--tpm <rate>", "its quota of tokens per minute")
    .option("--quota <kind>", "how they are kept: bucket, window or sliding (default: bucket)")
    .option("--burst <duration>", "how much of a bucket can be used at once after a rest (default: 1m)")
    .option("--no-headers", "answers say nothing of the quotas")
    .option("--concurrency <n>", "more calls at once are refused")
    .option("--latency <ms>", "median time to the first token")
    .option("--token-latency <ms>", "median time between two tokens")
    .option("--fault <kind=rate>", "429, 500, 503, reset, stall, cut, malformed, no-done, … (repeatable)", collect)
    .option("--seed <n>", "draws the same answers, latencies and faults (default: 1)")
    .option("--api-key <key>", "the only key that is accepted (default: any)")
    .showHelpAfterError("next  sluice mock --help")
    .action(async (flags: MockFlags) => {
      const { mock } = await import("../commands/mock.ts");
      onExit(await mock(flags, host));
    });
};

const addConfig = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("config")
    .summary("what a run would go by: flags, variables and files together, and where each value stands")
    .description(examples(["sluice config", "sluice config --origin", "sluice config --rpm 500 --origin --json"]))
    .option("--origin", "where each value stands: a flag, a variable, a file and its line")
    .option("--json", "the same as JSON")
    .option("-m, --model <provider/model>", "as of sluice run, and so are the flags below")
    .option("--base-url <url>")
    .option("--progress <mode>")
    .showHelpAfterError("next  sluice config --help");
  addLimits(command);
  addConfigFiles(command.optionsGroup("Configuration (sluice config --origin shows it):"));
  command.action(async (flags: ConfigCommandFlags) => {
    const { config } = await import("../commands/config.ts");
    onExit(await config(flags, host));
  });
};

const topExamples = [
  "sluice demo",
  "sluice run requests.jsonl -m openai/gpt-5-mini",
  "sluice run reviews.csv -p 'Sentiment of: {{text}}' -m deepseek/deepseek-chat",
  "sluice ask 'Name three rivers' -m openai/gpt-5-mini",
];

const runExamples = [
  "sluice run requests.jsonl -m openai/gpt-5-mini",
  "sluice run reviews.csv -p 'Sentiment of: {{text}}' -o labels.jsonl --rpm 500",
  "sluice run 'data/*.jsonl.gz' -o all.jsonl -m openai/gpt-5-mini",
  "cat prompts.txt | sluice run - -m ollama/qwen3 | jq .",
];
