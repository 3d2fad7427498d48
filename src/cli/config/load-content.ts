import { UsageError } from "../usage-error.ts";

/** What a configuration file says, whatever it is written in; `name` is for messages. @throws UsageError */
export const loadContent = async (path: string, text: string, name: string): Promise<unknown> => {
  if (path.endsWith(".json")) return fromJSON(text, name);
  return /\.ya?ml$/.test(path) ? fromYAML(text, name) : fromModule(path, name);
};

const fromJSON = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UsageError(`${name}: not valid JSON`, [withoutExcerpt(messageOf(error))]);
  }
};

/** The engine quotes the text around the fault, and a key may stand there. */
const withoutExcerpt = (message: string): string => message.split(/, (?:\.\.\.)?"/)[0] ?? "";

const fromYAML = async (text: string, name: string): Promise<unknown> => {
  const { LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return document.toJS();
  throw new UsageError(`${name}:${lineCounter.linePos(error.pos[0]).line}: not valid YAML`, [error.message]);
};

/** Types are taken off, and `sluice` in it is this very program, wherever that is installed. */
const fromModule = async (path: string, name: string): Promise<unknown> => {
  const [{ createJiti }, sluice] = await Promise.all([import("jiti"), import("../../client/config.ts")]);
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, virtualModules: { sluice } });
  try {
    return await jiti.import(path, { default: true });
  } catch (error) {
    throw new UsageError(`${name}: cannot load it`, [messageOf(error)]);
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
