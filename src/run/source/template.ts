import type { JsonObject, JsonValue } from "../../call/json.ts";
import { columnValue } from "./columns.ts";
import { InputError } from "./input-error.ts";

/** A text with places for a row's columns: `{{column}}`, `{{a.b}}`, `{{column|json}}`, `{{#if column}}…{{/if}}`. */
export interface Template {
  /** The columns whose values it needs. */
  readonly columns: readonly string[];
  /** The columns that `{{#if}}` asks for. */
  readonly conditions: readonly string[];
  /** Nothing is escaped. `onMissing` is told the name of a column that is not there, and must throw. */
  render(columns: JsonObject, onMissing: (name: string) => never): string;
  /** A column that `{{#if}}` asked for and no row rendered so far has had: a row may lack it, but not all of them. */
  neverSeen(): string | undefined;
}

/** Reads a template. @throws InputError when it cannot be understood */
export const compileTemplate = (text: string, name: string): Template => {
  const nodes = parse(text, name);
  const conditions = conditionsOf(nodes);
  const unseen = new Set(conditions);
  return {
    columns: nodes.flatMap((node) => (node.kind === "value" ? [node.column] : [])),
    conditions,
    render: (columns, onMissing) => rendered(nodes, columns, { unseen, onMissing }),
    neverSeen: () => unseen.values().next().value,
  };
};

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly column: string; readonly json: boolean }
  | { readonly kind: "if"; readonly column: string; readonly nodes: Node[] };

interface Rendering {
  readonly unseen: Set<string>;
  readonly onMissing: (name: string) => never;
}

const rendered = (nodes: readonly Node[], columns: JsonObject, rendering: Rendering): string => {
  let text = "";
  for (const node of nodes) {
    if (node.kind === "text") text += node.text;
    else if (node.kind === "value") {
      const value = columnValue(columns, node.column) ?? missingAsNull(columns, node.column, rendering);
      text += node.json ? JSON.stringify(value) : asText(value);
    } else if (holds(node.column, columns, rendering)) text += rendered(node.nodes, columns, rendering);
  }
  return text;
};

const missingAsNull = (columns: JsonObject, name: string, { onMissing }: Rendering): null =>
  columnValue(columns, name) === null ? null : onMissing(name);

const asText = (value: JsonValue): string =>
  typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);

const holds = (column: string, columns: JsonObject, { unseen }: Rendering): boolean => {
  const value = columnValue(columns, column);
  if (value !== undefined && unseen.size > 0) unseen.delete(column);
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
};

const conditionsOf = (nodes: readonly Node[]): string[] =>
  nodes.flatMap((node) => (node.kind === "if" ? [node.column, ...conditionsOf(node.nodes)] : []));

/** Nobody writes more, and what reads a template again and again goes as deep as it does. */
const deepest = 100;

const parse = (text: string, name: string): Node[] => {
  const open: { readonly column: string; readonly nodes: Node[] }[] = [{ column: "", nodes: [] }];
  let at = 0;
  for (const { tag, inside, index } of tagsOf(text)) {
    const nodes = open.at(-1)?.nodes ?? [];
    if (index > at) nodes.push({ kind: "text", text: text.slice(at, index) });
    at = index + tag.length;
    const condition = /^#if\s+(.+)$/s.exec(inside.trim())?.[1];
    if (condition !== undefined) {
      const block = { kind: "if" as const, column: condition.trim(), nodes: [] };
      nodes.push(block);
      open.push(block);
      if (open.length > deepest + 1) throw unclear(name, `{{#if}} stands in more than ${deepest} others`);
    } else if (inside.trim() === "/if") {
      if (open.length === 1) throw unclear(name, `{{/if}} closes nothing`);
      open.pop();
    } else nodes.push(valueNode(tag, inside.trim(), name));
  }
  const unclosed = open.length > 1 ? open.at(-1) : undefined;
  if (unclosed !== undefined) throw unclear(name, `{{#if ${unclosed.column}}} is not closed by {{/if}}`);
  const rest = text.slice(at);
  if (rest.includes("{{")) throw unclear(name, `{{ is not closed by }}`);
  if (rest !== "") open[0]?.nodes.push({ kind: "text", text: rest });
  return open[0]?.nodes ?? [];
};

interface Tag {
  readonly tag: string;
  readonly inside: string;
  readonly index: number;
}

/** Every `{{…}}`, in time that grows with the text alone; a regular expression would search the rest for each `{{`. */
function* tagsOf(text: string): Generator<Tag> {
  for (let index = text.indexOf("{{"); index >= 0;) {
    const end = text.indexOf("}}", index + 2);
    if (end < 0) return;
    yield { tag: text.slice(index, end + 2), inside: text.slice(index + 2, end), index };
    index = text.indexOf("{{", end + 2);
  }
}

const valueNode = (tag: string, inside: string, name: string): Node => {
  const { column = "", filter } = /^(?<column>(?![#/])[^|]*)(?:\|(?<filter>.*))?$/s.exec(inside)?.groups ?? {};
  if (column.trim() === "") throw unclear(name, `${tag} names no column`);
  if (filter !== undefined && filter.trim() !== "json") throw unclear(name, `${tag} has an unknown filter`);
  return { kind: "value", column: column.trim(), json: filter !== undefined };
};

const unclear = (name: string, what: string): InputError =>
  new InputError(`the ${name} template cannot be understood: ${what}`, {
    notes: ["a template may use {{column}}, {{a.b}}, {{column|json}} and {{#if column}}…{{/if}}"],
  });
