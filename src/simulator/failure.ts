import type { Refusal } from "./admission.ts";

/** An answer that is not a completion. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What went wrong, before any vendor's words for it.
 *
 * - `refused`: by a quota of the account
 * - `throttled`, `server`, `overloaded`, `money` (none left), `option` (one that the model does not take), `login` (a bad key): by a fault
 */
export type Failure =
  | { readonly kind: "refused"; readonly refused: Refusal; readonly model: string; readonly hints: boolean }
  | { readonly kind: "key"; readonly key: string | undefined }
  | { readonly kind: "size"; readonly maxBodyBytes: number }
  | { readonly kind: "path"; readonly method: string; readonly path: string }
  | { readonly kind: "model"; readonly model: string }
  | { readonly kind: FaultFailure };

/** How long the fault 429 asks to wait. */
export const throttledMs = 250;

/** What only a fault does. */
export type FaultFailure = "throttled" | "server" | "overloaded" | "money" | "option" | "login";

const json = { "content-type": "application/json" } as const;

/** An answer with a JSON body. */
export const jsonAnswer = (
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ErrorAnswer => ({ status, body: JSON.stringify(body), headers: { ...json, ...headers } });
