/** Before a slash, these end an operand, so that the slash divides; after anything else it opens a regular expression. */
const operandEnd = /[\w$)\]}"'`]$/;
const operatorWord = /(?:^|[^\w$.])(?:return|typeof|case|in|of|throw|await|yield|void|delete|else|do)$/;

/**
 * The code of a TypeScript file with the insides of comments, strings and regular expressions blanked out.
 *
 * Length, lines and quotes stay, so that an offset found here can be read in the original.
 */
export const masked = (text: string): string => {
  const out: string[] = [];
  /** For each open template literal, how many braces are open inside its current hole. */
  const holes: number[] = [];
  let at = 0;
  const keep = (): void => void out.push(text[at++] ?? "");
  const blankTo = (end: number): void => {
    for (; at < end; at++) out.push(text[at] === "\n" ? "\n" : " ");
  };
  const literal = (pattern: RegExp): void => {
    keep();
    blankTo(endOf(text, at, pattern));
  };
  const quoted = (pattern: RegExp): void => {
    literal(pattern);
    keep();
  };
  const template = (): void => {
    literal(/(?:[^`\\$]|\\[^]|\$(?!\{))*/y);
    if (text.startsWith("${", at)) {
      holes.push(0);
      keep();
    }
    keep();
  };
  while (at < text.length) {
    const character = text[at] ?? "";
    const depth = holes.at(-1);
    if (text.startsWith("//", at)) blankTo(endOf(text, at, /[^\n]*/y));
    else if (text.startsWith("/*", at)) blankTo(endOf(text, at, /\/\*[^]*?\*\//y));
    else if (character === '"') quoted(/(?:[^"\\\n]|\\[^])*/y);
    else if (character === "'") quoted(/(?:[^'\\\n]|\\[^])*/y);
    else if (character === "`") template();
    else if (character === "}" && depth === 0) {
      holes.pop();
      template();
    } else if (character === "/" && opensRegex(out)) literal(/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\/?/y);
    else {
      if (depth !== undefined) holes[holes.length - 1] = depth + (braceSteps.get(character) ?? 0);
      keep();
    }
  }
  return out.join("");
};

const braceSteps: ReadonlyMap<string, number> = new Map([
  ["{", 1],
  ["}", -1],
]);

const endOf = (text: string, at: number, pattern: RegExp): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : text.length;
};

const opensRegex = (out: readonly string[]): boolean => {
  const before = out.slice(-400).join("").trimEnd();
  return operatorWord.test(before) || !operandEnd.test(before);
};
