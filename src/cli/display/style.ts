import pc from "picocolors";
import type { Glyphs } from "./glyphs.ts";
import { asciiGlyphs, unicodeGlyphs } from "./glyphs.ts";
import type { Paint } from "./line.ts";
import type { Words } from "./words.ts";
import { wordsFor } from "./words-for.ts";

/** All that a renderer needs to know of where its lines go. */
export interface Style {
  /** The columns of the terminal. */
  readonly columns: number;
  /** The columns that a line may take. */
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly colours: Readonly<Record<Paint, (text: string) => string>>;
  readonly words: Words;
}

/** What decides how a display looks. */
export interface StyleOptions {
  readonly columns: number;
  readonly colour: boolean;
  readonly ascii: boolean;
  readonly chinese: boolean;
}

/** Some Chinese terminals draw signs such as `·` and `→` two columns wide, so two columns stay free. */
const spareColumns = 2;

/** The style for a terminal. */
export const styleOf = ({ columns, colour, ascii, chinese }: StyleOptions): Style => ({
  columns,
  width: Math.max(10, columns - spareColumns),
  glyphs: ascii ? asciiGlyphs : unicodeGlyphs,
  colours: pc.createColors(colour),
  words: wordsFor(chinese),
});
