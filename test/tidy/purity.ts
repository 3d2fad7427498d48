import {
  type SourceFile,
  type Violation,
  codeOf,
  folderOf,
  importsOf,
  isTest,
  lineAt,
  violation,
} from "./source-file.ts";

const pureFolders: ReadonlySet<string> = new Set([
  "time",
  "call",
  "limit",
  "retry",
  "timeout",
  "route",
  "reuse",
  "observe",
  "pool",
]);

/** The two places where time is really made. */
const clocks: ReadonlySet<string> = new Set(["src/time/system-clock.ts", "src/time/virtual-clock.ts"]);

const impure: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bDate\.now\b|\bnew Date\(\s*\)|(?<![.\w$])(?:globalThis\.)?performance\b/g, instead: "use a Clock" },
  {
    pattern: /(?<![.\w$])(?:globalThis\.)?(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g,
    instead: "use a Clock",
  },
  { pattern: /\bMath\.random\b/g, instead: "use an Rng" },
  { pattern: /(?<![.\w$])(?:globalThis\.)?crypto\b/g, instead: "take what it makes as an argument" },
  { pattern: /(?<![.\w$])(?:globalThis\.)?fetch\s*\(/g, instead: "the network belongs to provider/" },
];

/** Time, chance and the network are arguments in the pure folders. */
export const purity = (file: SourceFile): readonly Violation[] => {
  if (!pureFolders.has(folderOf(file.path)) || isTest(file.path) || clocks.has(file.path)) return [];
  const calls = impure.flatMap(({ pattern, instead }) =>
    [...codeOf(file).matchAll(pattern)].map((match) =>
      violation(file, lineAt(file.text, match.index), "purity", `${match[0]} in a pure folder; ${instead}`),
    ),
  );
  const imports = importsOf(file)
    .filter(({ name }) => !name.startsWith("."))
    .map(({ line, name }) => violation(file, line, "purity", `imports ${name} in a pure folder`));
  return [...calls, ...imports];
};

/** A run reaches files through its `Fs`, which a test may let crash at each step; only patterns are matched by another library. */
export const fileAccess = (file: SourceFile): readonly Violation[] => {
  if (folderOf(file.path) !== "run" || file.path.startsWith("src/run/files/") || isTest(file.path)) return [];
  return importsOf(file)
    .filter(({ name }) => /^(?:node:)?fs(?:\/|$)/.test(name) || (name === "tinyglobby" && file.path !== globbing))
    .map(({ line, name }) =>
      violation(file, line, "files", `imports ${name}; only run/files/ touches files: take an Fs`),
    );
};

const globbing = "src/run/source/input-files.ts";

/** Only the command line touches the process; one file reads the environment for the library. */
export const processUse = (file: SourceFile): readonly Violation[] => {
  if (folderOf(file.path) === "cli" || file.path === "src/client/environment.ts" || isTest(file.path)) return [];
  const uses = [...codeOf(file).matchAll(/(?<![.\w$])(?:globalThis\.)?process\s*(?:\.|\?\.|\[)/g)].map((match) =>
    lineAt(file.text, match.index),
  );
  const imports = importsOf(file).filter(({ name }) => name === "node:process" || name === "process");
  return [...uses, ...imports.map(({ line }) => line)].map((line) =>
    violation(file, line, "process", "only cli/ and client/environment.ts may touch process"),
  );
};
