/** The flags whose values can stand in a configuration file as well, as they were typed. */
export interface OptionFlags {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly concurrency?: string;
  readonly rpm?: string;
  readonly tpm?: string;
  readonly itpm?: string;
  readonly otpm?: string;
  readonly rpd?: string;
  readonly tpd?: string;
  readonly onQuota?: string;
  readonly retries?: string;
  readonly timeout?: string;
  readonly timeoutFirst?: string;
  readonly timeoutIdle?: string;
  readonly timeoutTotal?: string;
  readonly progress?: string;
}

/** The flags that say where the configuration stands. */
export interface ConfigFlags {
  /** A file in place of the nearest one. */
  readonly config?: string;
  /** Files of variables in place of `.env.local` and `.env`; false after `--no-env-file`. */
  readonly envFile?: readonly string[] | boolean;
}

/** The flags of `sluice run`, as they were typed. */
export interface RunFlags extends Omit<OptionFlags, "progress"> {
  readonly output?: string;
  readonly prompt?: string;
  readonly system?: string;
  readonly forgetLimits?: boolean;
  readonly hedge?: boolean;
  readonly param?: readonly string[];
  readonly maxTokens?: string;
  readonly limit?: string;
  readonly sendOrder?: string;
  readonly order?: string;
  readonly format?: string;
  readonly csvBom?: boolean;
  readonly inputFormat?: string;
  readonly encoding?: string;
  readonly inputErrors?: string;
  readonly maxCost?: string;
  readonly maxDuration?: string;
  readonly halt?: string;
  readonly confirmAbove?: string;
  readonly acceptConfigChange?: boolean;
  readonly stream?: boolean;
  readonly fresh?: boolean;
  readonly idColumn?: string;
  readonly overrideModel?: boolean;
  readonly retryErrors?: string;
  readonly strict?: boolean;
  readonly yes?: boolean;
}

/** The flags about the display, which several commands share. */
export interface DisplayFlags {
  readonly progress?: string;
  readonly json?: boolean;
  /** False after `--no-color`. */
  readonly color?: boolean;
  readonly ascii?: boolean;
}
