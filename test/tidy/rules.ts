import { docComments, fileSize, names, noLeftovers, noSilencedTests } from "./manners.ts";
import { fileAccess, processUse, purity } from "./purity.ts";
import { ranks } from "./ranks.ts";
import type { SourceFile, Violation } from "./source-file.ts";

const everywhere = [fileSize, names, noLeftovers, noSilencedTests];
const inSource = [ranks, purity, fileAccess, processUse, docComments];

/** What the files break of the house rules; function lengths are `longFunctions`. */
export const violations = (files: readonly SourceFile[]): readonly Violation[] =>
  files.flatMap((file) => {
    const rules = file.path.startsWith("src/") ? [...everywhere, ...inSource] : everywhere;
    return rules.flatMap((rule) => rule(file));
  });
