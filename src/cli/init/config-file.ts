import type { InitWords } from "./init-words.ts";

/** What a configuration can be written in. */
export const configFormats = ["ts", "yaml", "json"] as const;

/** One of them. */
export type ConfigFormat = (typeof configFormats)[number];

/** What a first configuration says. */
export interface FirstConfig {
  readonly model: string;
  /** The variable that the key is read from; absent where none is needed. */
  readonly keyVariable?: string;
  /** Whether the package is installed where the file will be, so that an editor finds its types. */
  readonly installed: boolean;
  readonly words: InitWords;
}

/** The text of a first configuration. No key is ever written, only where one is read from. */
export const configText = (format: ConfigFormat, config: FirstConfig): string => texts[format](config);

const inTypeScript = ({ model, keyVariable, installed, words }: FirstConfig): string => `${
  // Without the package beside it an editor would not find the import, although the program does.
  installed ? `import { defineConfig } from "sluice";\n\nexport default defineConfig({` : "export default {"
}
  model: ${JSON.stringify(model)},${keyVariable === undefined ? "" : ` // ${words.keyComment(keyVariable)}`}
  // ${words.limitsComment}
  // limits: { rpm: 500, tpm: "200k", concurrency: "auto" },
  // timeout: "10m",
}${installed ? ")" : ""};
`;

const inYAML = ({ model, keyVariable, words }: FirstConfig): string => `model: ${model}${
  keyVariable === undefined ? "" : ` # ${words.keyComment(keyVariable)}`
}
# ${words.limitsComment}
# limits:
#   rpm: 500
#   tpm: 200k
#   concurrency: auto
# timeout: 10m
`;

const inJSON = ({ model }: FirstConfig): string => `${JSON.stringify({ model }, undefined, 2)}\n`;

const texts: Readonly<Record<ConfigFormat, (config: FirstConfig) => string>> = {
  ts: inTypeScript,
  yaml: inYAML,
  json: inJSON,
};
