import type { IncomingHttpHeaders } from "node:http";
import type { Asked, Dialect, Visit } from "./dialect.ts";
import { answerVisit, type House } from "./endpoint.ts";
import { chatDialect } from "./openai/chat-dialect.ts";

/** Answers what comes to one path. */
export type Serve = (house: House, visit: Visit) => void;

/** Where a request goes, and what its path says about it. */
export interface Route extends Pick<Visit, "model" | "streamed"> {
  readonly serve: Serve;
}

/** Who answers a POST to a path; undefined where nobody does. */
export const routeOf = (path: string, search: string, headers: IncomingHttpHeaders): Route | undefined => {
  const serve = fixed.get(path);
  void search;
  void headers;
  return serve === undefined ? undefined : { serve };
};

const speaking =
  <Request extends Asked>(dialect: Dialect<Request>): Serve =>
  (house, visit) =>
    answerVisit(house, dialect, visit);

const chat = speaking(chatDialect);

const fixed: ReadonlyMap<string, Serve> = new Map([["/v1/chat/completions", chat]]);
