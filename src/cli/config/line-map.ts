import type { Node } from "yaml";

/** Tells the line of a path in a text of YAML or JSON; of what is not there, the line of the nearest thing above it. */
export type LineMap = (path: readonly string[]) => number | undefined;

/** Reads a text for its lines only; JSON is YAML as well. */
export const lineMap = async (text: string): Promise<LineMap> => {
  const { isMap, isScalar, LineCounter, parseDocument } = await import("yaml");
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter, logLevel: "silent" });
  return (path) => {
    let offset: number | undefined;
    let node: unknown = contents;
    for (const name of path) {
      const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    }
    return offset === undefined ? undefined : counter.linePos(offset).line;
  };
};

const startOf = (key: unknown): number | undefined => (key as Partial<Node>).range?.[0];
