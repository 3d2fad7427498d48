import type { ModelEntry } from "../../provider/model-list.ts";
import { compact, grouped } from "../display/amount-text.ts";
import { type Line, span } from "../display/line.ts";
import type { LookWords } from "../display/look-words.ts";
import { printableLine } from "../display/printable.ts";
import type { Style } from "../display/style.ts";
import { tableLines } from "../display/table.ts";
import type { KnownProvider } from "./known-providers.ts";

/** What a table of models shows beside what the server says. */
export interface ModelDetails {
  /** A further column, such as prices. @default none */
  readonly detailsOf?: (id: string) => string;
}

/** The known providers as a table. */
export const providerTable = (
  providers: readonly KnownProvider[],
  style: Style,
  words: LookWords,
): readonly string[] => {
  const { success } = style.glyphs;
  const heads = [words.provider, words.address, words.key, words.formats].map((head) => [span(head, "dim")]);
  const rows = providers.map(
    ({ name, aliases, address, addressVariable, keyVariables, key, formats }): readonly Line[] => [
      [span(name, "bold"), ...(aliases.length === 0 ? [] : [span(words.alsoCalled(aliases.join(", ")), "dim")])],
      [span(printableLine(address === "" ? (addressVariable ?? "") : address))],
      key === undefined
        ? [span(`${dash(style)} ${keyVariables.join(", ")}`, "dim")]
        : [span(success, "green"), span(` ${printableLine(key.source)} ${printableLine(key.mask)}`)],
      [span(formats.join(" "), "dim")],
    ],
  );
  return tableLines([heads, ...rows], style);
};

/** The models of a server as a table. */
export const modelTable = (
  models: readonly ModelEntry[],
  style: Style,
  words: LookWords,
  { detailsOf }: ModelDetails,
): readonly string[] => {
  const withContext = models.some(({ contextTokens }) => contextTokens !== undefined);
  const row = (id: Line, context: Line, details: Line): readonly Line[] => [
    id,
    ...(withContext ? [context] : []),
    ...(detailsOf === undefined ? [] : [details]),
  ];
  const heads = row([span(words.model, "dim")], [span(words.context, "dim")], []);
  const rows = models.map(({ id, contextTokens }) =>
    row(
      [span(printableLine(id))],
      [span(contextTokens === undefined ? dash(style) : compact(contextTokens, style.words))],
      [span(printableLine(detailsOf?.(id) ?? ""), "dim")],
    ),
  );
  return tableLines(models.length === 0 ? [] : [heads, ...rows], style);
};

/** How many models there are, and how many of them are shown. */
export const modelCount = (shown: number, all: number, words: LookWords): string =>
  words.models(grouped(shown), grouped(all));

const dash = ({ glyphs }: Style): string => (glyphs.success === "✓" ? "–" : "-");
