import type { JsonValue } from "../../call/json.ts";
import type { ErrorAnswer } from "../failure.ts";
import { vendorError } from "./error-answers.ts";

/** The 400 for a body that is not a JSON object. */
export const notJson: ErrorAnswer = vendorError(400, {
  message:
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)",
});

/** The 400 for a body that names no model. */
export const noModel: ErrorAnswer = vendorError(400, { message: "you must provide a model parameter" });

/** The 400 for a number that is none, or out of its range. */
export const badCount = (param: string, value: JsonValue): ErrorAnswer =>
  vendorError(400, {
    message: `Invalid '${param}': expected an integer of at least 1, but got ${JSON.stringify(value)} instead.`,
    param,
    code: "invalid_value",
  });

/** The 400 for a body without a field that it needs. */
export const missing = (param: string): ErrorAnswer =>
  vendorError(400, {
    message: `Missing required parameter: '${param}'.`,
    param,
    code: "missing_required_parameter",
  });

/** The 400 for an input that cannot be embedded. */
export const badInput: ErrorAnswer = vendorError(400, {
  message: "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
  param: "input",
});
