import { posix } from "node:path";
import { type SourceFile, type Violation, folderOf, importsOf, isTest, violation } from "./source-file.ts";

/** Who may import whom: a file imports its own folder and folders of a lower rank. */
const rankOf: ReadonlyMap<string, number> = new Map([
  ["time", 0],
  ["call", 1],
  ...["limit", "retry", "timeout", "route", "reuse", "observe", "provider", "simulator"].map((n) => [n, 2] as const),
  ["pool", 3],
  ["client", 4],
  ["run", 5],
  ["fleet", 6],
  ["gateway", 6],
  ["dashboard", 7],
  ["cli", 8],
  ["index.ts", 9],
]);

/** Tests may reach across to try parts together, but nothing in the simulator may know the provider's code. */
export const ranks = (file: SourceFile): readonly Violation[] => {
  const from = folderOf(file.path);
  const rank = rankOf.get(from);
  if (rank === undefined) return [violation(file, 1, "ranks", `${from} has no rank; enter it in test/tidy/ranks.ts`)];
  return importsOf(file).flatMap(({ line, name }) => {
    if (!name.startsWith(".")) return [];
    const target = folderOf(posix.join(posix.dirname(file.path), name));
    if (target === from) return [];
    if (from === "simulator" && target === "provider") {
      return [
        violation(file, line, "ranks", `imports ${name}, but the simulator must not share code with the provider`),
      ];
    }
    const targetRank = rankOf.get(target);
    if (isTest(file.path) || (targetRank !== undefined && targetRank < rank)) return [];
    const kind = targetRank === rank ? "a stranger of the same rank" : "which ranks above it";
    return [
      violation(
        file,
        line,
        "ranks",
        `${from} (rank ${rank}) imports ${name} of ${target} (rank ${targetRank}), ${kind}`,
      ),
    ];
  });
};
