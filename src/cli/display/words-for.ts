import { english } from "./words-en.ts";
import { chinese } from "./words-zh.ts";
import type { Words } from "./words.ts";

/** The dictionary of a language. */
export const wordsFor = (inChinese: boolean): Words => (inChinese ? chinese : english);
