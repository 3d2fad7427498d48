import { span } from "../display/line.ts";
import { type LookWords, lookWords } from "../display/look-words.ts";
import { printableLine } from "../display/printable.ts";
import type { Style } from "../display/style.ts";
import { shown, tableLines } from "../display/table.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import { type Check, doctorExitCode, warning } from "../doctor/check.ts";
import { configDiagnosis } from "../doctor/config-check.ts";
import type { DoctorWords } from "../doctor/doctor-words.ts";
import { chinese } from "../doctor/doctor-words-zh.ts";
import { english } from "../doctor/doctor-words-en.ts";
import { cacheCheck, nodeCheck, terminalCheck } from "../doctor/machine-checks.ts";
import { patientsOf } from "../doctor/patients.ts";
import { patienceMs, providerChecks } from "../doctor/provider-checks.ts";
import type { Host } from "../host.ts";
import { directTransport } from "../run/direct-transport.ts";
import type { ConfigFlags, DisplayFlags } from "../run/run-flags.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";

/** The flags of `sluice doctor`, as they were typed. */
export interface DoctorFlags {
  readonly model?: string;
  readonly baseUrl?: string;
}

/** `sluice doctor`: what works here, what does not, and what to do about it. @throws UsageError when a provider is not known */
export const doctor = async (flags: DoctorFlags & DisplayFlags & ConfigFlags, host: Host): Promise<number> => {
  const inChinese = wantsChinese(host.environment) && flags.json !== true;
  const words = inChinese ? chinese : english;
  const checks = await allChecks(flags, host, words);
  const exitCode = doctorExitCode(checks);
  const write = stdoutWriter(host.stdout);
  if (flags.json === true) {
    await write(`${JSON.stringify({ healthy: exitCode === 0, checks: checks.map(checkJson) }, null, 2)}\n`);
    return exitCode;
  }
  const lines = checkLines(checks, stdoutStyle(flags, host), words, lookWords(inChinese));
  await write(lines.map((line) => `${line}\n`).join(""));
  return exitCode;
};

const allChecks = async (
  flags: DoctorFlags & ConfigFlags,
  host: Host,
  words: DoctorWords,
): Promise<readonly Check[]> => {
  const { checks: configured, settled } = await configDiagnosis(flags, host, words);
  const { environment } = host;
  const patients = patientsOf(settled.configured, flags, environment);
  const transport = directTransport(patienceMs);
  const isTyped = flags.baseUrl !== undefined;
  const examination = { targets: settled.targets, transport, environment, words, isTyped };
  try {
    const [cache, ...providers] = await Promise.all([
      cacheCheck(host, words),
      ...patients.map((patient) => providerChecks(patient, examination)),
    ]);
    const clock = providers.find((found) => found.clock !== undefined)?.clock;
    return [
      nodeCheck(host, words),
      ...configured,
      ...(patients.length === 0
        ? [warning("keys", words.noKeys, words.noKeysFix)]
        : providers.flatMap(({ checks }) => checks)),
      ...(clock === undefined ? [] : [clock]),
      terminalCheck(host, words),
      cache,
    ];
  } finally {
    await transport.close();
  }
};

const checkJson = ({ topic, provider, ...found }: Check): object => ({
  ...(provider === undefined ? {} : { provider }),
  topic,
  ...found,
});

const checkLines = (
  checks: readonly Check[],
  style: Style,
  { topics }: DoctorWords,
  words: LookWords,
): readonly string[] => {
  const { glyphs, colours } = style;
  const signs = { ok: glyphs.success, warning: "!", broken: glyphs.failure };
  const paints = { ok: "green", warning: "yellow", broken: "red" } as const;
  const rows = checks.map(({ topic, provider = "", state, detail }) => [
    [
      span(signs[state].padEnd(glyphs.success.length), paints[state]),
      span(` ${`${provider} ${topics[topic]}`.trim()}`),
    ],
    [span(printableLine(detail))],
  ]);
  const found = checks.filter(({ state }) => state === "broken").length;
  return [
    ...tableLines(rows, style).flatMap((line, index) => {
      const fix = checks[index]?.fix;
      return fix === undefined ? [line] : [line, `    ${colours.bold(words.fix)}  ${shown(printableLine(fix), style)}`];
    }),
    found === 0 ? words.healthy : words.broken(String(found)),
  ];
};
