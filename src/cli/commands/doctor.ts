import { span } from "../display/line.ts";
import { type LookWords, lookWords } from "../display/look-words.ts";
import { printableLine } from "../display/printable.ts";
import type { Style } from "../display/style.ts";
import { tableLines } from "../display/table.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import { type Check, doctorExitCode, warning } from "../doctor/check.ts";
import { cacheCheck, nodeCheck, terminalCheck } from "../doctor/machine-checks.ts";
import { patientsOf } from "../doctor/patients.ts";
import { patienceMs, providerChecks } from "../doctor/provider-checks.ts";
import type { Host } from "../host.ts";
import { directTransport } from "../run/direct-transport.ts";
import type { DisplayFlags } from "../run/run-flags.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";

/** The flags of `sluice doctor`, as they were typed. */
export interface DoctorFlags {
  readonly model?: string;
  readonly baseUrl?: string;
}

/** `sluice doctor`: what works here, what does not, and what to do about it. @throws UsageError when a provider is not known */
export const doctor = async (flags: DoctorFlags & DisplayFlags, host: Host): Promise<number> => {
  const checks = await allChecks(flags, host);
  const exitCode = doctorExitCode(checks);
  const write = stdoutWriter(host.stdout);
  if (flags.json === true) {
    await write(`${JSON.stringify({ healthy: exitCode === 0, checks }, null, 2)}\n`);
    return exitCode;
  }
  const words = lookWords(wantsChinese(host.environment));
  await write(
    checkLines(checks, stdoutStyle(flags, host), words)
      .map((line) => `${line}\n`)
      .join(""),
  );
  return exitCode;
};

const allChecks = async (flags: DoctorFlags, host: Host): Promise<readonly Check[]> => {
  const patients = patientsOf(flags, host.environment);
  const transport = directTransport(patienceMs);
  try {
    const [cache, ...providers] = await Promise.all([
      cacheCheck(host),
      ...patients.map((patient) => providerChecks(patient, transport, host.environment)),
    ]);
    const clock = providers.find((found) => found.clock !== undefined)?.clock;
    return [
      nodeCheck(host),
      ...(patients.length === 0 ? [noKey] : providers.flatMap(({ checks }) => checks)),
      ...(clock === undefined ? [] : [clock]),
      terminalCheck(host),
      cache,
    ];
  } finally {
    await transport.close();
  }
};

const noKey: Check = warning(
  "keys",
  "no key of any provider is set",
  "sluice demo needs none; else export OPENAI_API_KEY=… (sluice models lists the others), or give --base-url",
);

const checkLines = (checks: readonly Check[], style: Style, words: LookWords): readonly string[] => {
  const { glyphs, colours } = style;
  const signs = { ok: glyphs.success, warning: "!", broken: glyphs.failure };
  const paints = { ok: "green", warning: "yellow", broken: "red" } as const;
  const rows = checks.map(({ name, state, detail }) => [
    [span(signs[state], paints[state]), span(` ${name}`)],
    [span(printableLine(detail))],
  ]);
  const found = checks.filter(({ state }) => state === "broken").length;
  return [
    ...tableLines(rows, style).flatMap((line, index) => {
      const fix = checks[index]?.fix;
      return fix === undefined ? [line] : [line, `    ${colours.bold(words.fix)}  ${printableLine(fix)}`];
    }),
    found === 0 ? words.healthy : words.broken(String(found)),
  ];
};
