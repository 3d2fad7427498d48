import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";

/** A text that is the same for calls which one answer serves; `undefined` for a call that needs an answer of its own. */
export type ContentKey = (call: Call, context: Context) => string | undefined;
