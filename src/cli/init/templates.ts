import { findVendor } from "../../provider/vendors.ts";
import type { Lookup } from "../display/terminal-style.ts";
import { type Example, questions, requests, reviews } from "./examples.ts";

/** What a beginning can look like. */
export interface Template {
  readonly name: TemplateName;
  /** `provider/model` */
  readonly model: string;
  readonly example: (inChinese: boolean) => Example;
}

/** The names of the templates, the usual one first. */
export const templateNames = ["basic", "openai", "deepseek", "qwen", "ollama", "batch"] as const;

/** One of them. */
export type TemplateName = (typeof templateNames)[number];

/** The template of a name; what is left open in it goes by the keys that are there. */
export const templateOf = (name: TemplateName, environment: Lookup): Template => {
  const model = models[name] ?? likelyModel(environment);
  return { name, model, example: examples[name](model) };
};

/** The variables that a model's key can stand in, and the one that it does stand in. */
export const keyOf = (
  model: string,
  environment: Lookup,
): { readonly required: boolean; readonly variable: string; readonly found: string | undefined } => {
  const vendor = findVendor(model.slice(0, model.indexOf("/")));
  const { keyVariables = [], keyRequired = false } = vendor ?? {};
  return {
    required: keyRequired,
    variable: keyVariables[0] ?? "SLUICE_API_KEY",
    found: keyVariables.find((name) => environment(name) !== undefined),
  };
};

const usualModels = [
  "openai/gpt-5-mini",
  "anthropic/claude-haiku-4-5",
  "gemini/gemini-2.5-flash",
  "deepseek/deepseek-chat",
  "qwen/qwen-plus",
  "moonshot/kimi-k2-turbo-preview",
  "zhipu/glm-4.5-air",
];

/** Of a provider that there is a key for. */
const likelyModel = (environment: Lookup): string =>
  usualModels.find((model) => keyOf(model, environment).found !== undefined) ?? "openai/gpt-5-mini";

const models: Partial<Readonly<Record<TemplateName, string>>> = {
  openai: "openai/gpt-5-mini",
  deepseek: "deepseek/deepseek-chat",
  qwen: "qwen/qwen-plus",
  ollama: "ollama/qwen3",
};

const examples: Readonly<Record<TemplateName, (model: string) => Template["example"]>> = {
  basic: () => questions,
  openai: () => reviews,
  deepseek: () => reviews,
  qwen: () => reviews,
  ollama: () => questions,
  batch: (model) => (inChinese) => requests(inChinese, model.slice(model.indexOf("/") + 1)),
};
