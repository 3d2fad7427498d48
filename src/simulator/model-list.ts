import type { IncomingHttpHeaders } from "node:http";
import type { Vendor } from "./dialect.ts";
import type { ErrorAnswer } from "./failure.ts";
import { openaiVendor } from "./openai/openai-vendor.ts";

/** The models that are there, in the shape of the vendor whose address is asked; undefined elsewhere. */
export const modelList = (
  path: string,
  _headers: IncomingHttpHeaders,
): { readonly vendor: Vendor; readonly answer: ErrorAnswer } | undefined => {
  if (path !== "/v1/models") return undefined;
  return { vendor: openaiVendor, answer: openaiModels };
};

const names = ["simulated", "simulated-mini"] as const;

const answerOf = (body: object): ErrorAnswer => ({
  status: 200,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

const openaiModels = answerOf({
  object: "list",
  data: names.map((id) => ({ id, object: "model", created: 1_700_000_000, owned_by: "simulator" })),
});
