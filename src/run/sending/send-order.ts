/** In which order rows are sent: those that may take longest first, so that the last answer comes soonest, or as they stand. */
export type SendOrder = "longest-first" | "input";

/** All of them, the default first. */
export const sendOrders: readonly SendOrder[] = ["longest-first", "input"];
