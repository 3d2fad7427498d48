/** A name for another output beside one: `labels.jsonl` → `labels-2.jsonl`. */
export const otherOutput = (output: string): string => output.replace(/(\.[^./\\]+)?$/, (ending) => `-2${ending}`);
