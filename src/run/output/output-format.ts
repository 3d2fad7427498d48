/** What a row of the output looks like: an OpenAI Batch record, or the input's columns and the answer's beside them. */
export type OutputFormat = "openai" | "flat";

/** All of them. */
export const outputFormats: readonly OutputFormat[] = ["openai", "flat"];

/** The order of the results: as the rows stand in the input, or as they completed. */
export type ResultOrder = "input" | "completion";

/** All of them, the default first. */
export const resultOrders: readonly ResultOrder[] = ["input", "completion"];
