import { buildCall, type RequestDefaults, type WireRequest } from "./build-call.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { RouteTable } from "./routes.ts";

/** What tells which models stand in for others. */
export interface Alternatives extends RequestDefaults {
  readonly routes: RouteTable;
}

/** The same question to the models that stand in for the one that it names; a whole body goes only to those that speak its format. */
export const alternativesTo = (
  request: ChatRequest,
  asked: WireRequest,
  options: Alternatives,
): readonly WireRequest[] => {
  const { routes } = options;
  const name = request.model ?? options.model ?? "";
  const written = `${asked.model.provider}/${asked.model.name}`;
  const models =
    [name, asked.group ?? written].map((key) => routes.fallbacksOf(key)).find(({ length }) => length > 0) ?? [];
  return models.flatMap((model) => {
    const body = request.body === undefined ? {} : { body: request.body, operation: asked.operation };
    if (request.body !== undefined && !speaks(routes, model, asked)) return [];
    return [buildCall({ ...request, ...body, model }, options, routes)];
  });
};

const speaks = (routes: RouteTable, model: string, { operation }: WireRequest): boolean => {
  const { conversation = "chat", paths = {} } = routes.vendorOf(routes.modelOf(model).provider);
  if (operation === "messages" || operation === "generate") return conversation === operation || operation in paths;
  return conversation === "chat" || conversation === "responses" || operation in paths;
};
