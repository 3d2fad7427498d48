import { masked } from "./masked.ts";

/** A file as the rules see it. */
export interface SourceFile {
  /** From the root of the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A rule that a file breaks. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Finds a rule broken in a file. */
export const violation = (file: SourceFile, line: number, rule: string, message: string): Violation => ({
  path: file.path,
  line,
  rule,
  message,
});

/** One line that says everything: `src/a.ts:3 purity: …`. */
export const described = ({ path, line, rule, message }: Violation): string => `${path}:${line} ${rule}: ${message}`;

export const isTest = (path: string): boolean => path.endsWith(".test.ts");

/** The folder under `src/`, or the file's own name when it stands directly there. */
export const folderOf = (path: string): string => path.split("/")[1] ?? "";

const cache = new WeakMap<SourceFile, string>();

/** The file's code without the insides of comments, strings and regular expressions. */
export const codeOf = (file: SourceFile): string => {
  const known = cache.get(file) ?? masked(file.text);
  cache.set(file, known);
  return known;
};

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Every module that the file imports or re-exports, types and dynamic imports included. */
export const importsOf = (file: SourceFile): readonly { readonly line: number; readonly name: string }[] =>
  [...codeOf(file).matchAll(/\b(?:from|import)\s*(?:\(\s*)?["']( *)["']/g)].map((match) => {
    const start = match.index + match[0].length - 1 - (match[1] ?? "").length;
    return { line: lineAt(file.text, start), name: file.text.slice(start, match.index + match[0].length - 1) };
  });
