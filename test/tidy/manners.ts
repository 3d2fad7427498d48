import { type SourceFile, type Violation, codeOf, isTest, lineAt, violation } from "./source-file.ts";

const longestFile = 250;
const longestTest = 400;

/** A file fits in a head. */
export const fileSize = (file: SourceFile): readonly Violation[] => {
  const most = isTest(file.path) ? longestTest : longestFile;
  const lines = file.text.replace(/\n$/, "").split("\n").length;
  return lines > most ? [violation(file, most + 1, "size", `has ${lines} lines, more than ${most}`)] : [];
};

/** A name says what is inside; these say nothing. */
export const names = (file: SourceFile): readonly Violation[] => {
  const words = file.path.replace(/(?:\.test)?\.ts$/, "").split(/[/-]/);
  const empty = words.find((word) => /^(?:utils?|helpers?|managers?|misc|common)$/i.test(word));
  if (empty !== undefined) return [violation(file, 1, "names", `"${empty}" says nothing; name the thing`)];
  const stem = file.path.split("/").at(-1) ?? "";
  return /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/.test(stem)
    ? []
    : [violation(file, 1, "names", `"${stem}" is not in kebab case`)];
};

const declaration =
  /^export (?:default )?(?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type) ([\w$]+)/gm;

/** Whoever imports a thing can read what it is for. */
export const docComments = (file: SourceFile): readonly Violation[] => {
  if (isTest(file.path)) return [];
  return [...codeOf(file).matchAll(declaration)]
    .filter((match) => !/\/\*\*(?:(?!\*\/)[^])*\*\/\s*$/.test(file.text.slice(0, match.index)))
    .map((match) => violation(file, lineAt(file.text, match.index), "docs", `exported ${match[1]} has no doc comment`));
};

/** What is not done is an issue, not a comment. */
export const noLeftovers = (file: SourceFile): readonly Violation[] =>
  [...file.text.matchAll(/\b(?:TO[D]O|FIX[M]E)\b/g)].map((match) =>
    violation(file, lineAt(file.text, match.index), "leftovers", `${match[0]}: do it or file an issue`),
  );

/** A test that does not run tells nothing. */
export const noSilencedTests = (file: SourceFile): readonly Violation[] => {
  if (!isTest(file.path)) return [];
  return [...codeOf(file).matchAll(/\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo)\b/g)].map((match) =>
    violation(file, lineAt(file.text, match.index), "tests", `${match[0]} silences tests`),
  );
};
