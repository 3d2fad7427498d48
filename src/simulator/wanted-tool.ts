import type { JsonValue } from "../call/json.ts";
import type { WantedTool } from "./dialect.ts";

/** The tool that has to be called: the one that is named, or the first where any will do. */
export const wantedTool = (
  tools: readonly { readonly name: JsonValue | undefined; readonly schema: JsonValue | undefined }[],
  name?: JsonValue,
): WantedTool | undefined => {
  const found = tools.find((tool) => typeof tool.name === "string" && (name === undefined || tool.name === name));
  return typeof found?.name === "string" ? { name: found.name, schema: found.schema ?? {} } : undefined;
};
