/** The signs that displays are drawn with. */
export interface Glyphs {
  readonly barDone: string;
  readonly barEdge: string;
  readonly barRest: string;
  readonly meterLeft: string;
  readonly meterRight: string;
  /** From a sliver to a full cell. */
  readonly meterCells: readonly string[];
  readonly arrow: string;
  readonly dot: string;
  readonly ellipsis: string;
  readonly times: string;
  readonly success: string;
  readonly failure: string;
  readonly stopped: string;
}

/** For terminals that speak UTF-8. */
export const unicodeGlyphs: Glyphs = {
  barDone: "━",
  barEdge: "╸",
  barRest: "─",
  meterLeft: "▕",
  meterRight: "▏",
  meterCells: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
  arrow: "→",
  dot: "·",
  ellipsis: "…",
  times: "×",
  success: "✓",
  failure: "✗",
  stopped: "■",
};

/** For terminals that may show nothing else. */
export const asciiGlyphs: Glyphs = {
  barDone: "=",
  barEdge: ">",
  barRest: "-",
  meterLeft: "[",
  meterRight: "]",
  meterCells: ["#"],
  arrow: "->",
  dot: "-",
  ellipsis: "...",
  times: "x",
  success: "ok",
  failure: "x",
  stopped: "!",
};
