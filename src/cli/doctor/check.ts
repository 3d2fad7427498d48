/** What a check is about. */
export type Topic =
  | "node"
  | "config"
  | "keys"
  | "key"
  | "proxy"
  | "address"
  | "answer"
  | "clock"
  | "terminal"
  | "cache";

/** What one check of `sluice doctor` found. */
export interface Check {
  readonly topic: Topic;
  /** Absent when it is about this machine. */
  readonly provider?: string;
  readonly state: "ok" | "warning" | "broken";
  readonly detail: string;
  /** What to do about it; every warning and everything broken has one. */
  readonly fix?: string;
  /** A key was refused. @default false */
  readonly refused?: boolean;
  /** The configuration is wrong. @default false */
  readonly misconfigured?: boolean;
}

/** All is well. */
export const ok = (topic: Topic, detail: string): Check => ({ topic, state: "ok", detail });

/** It works, but something will go wrong some day. */
export const warning = (topic: Topic, detail: string, fix: string): Check => ({ topic, state: "warning", detail, fix });

/** It does not work. */
export const broken = (topic: Topic, detail: string, fix: string): Check => ({ topic, state: "broken", detail, fix });

/** 0: nothing is broken; 2: the configuration is wrong; 4: a key is refused; 3: something else is broken. */
export const doctorExitCode = (checks: readonly Check[]): number => {
  if (checks.some(({ misconfigured }) => misconfigured === true)) return 2;
  if (checks.some(({ refused }) => refused === true)) return 4;
  return checks.some(({ state }) => state === "broken") ? 3 : 0;
};
