/** The package's version, as the `user-agent` header says it. */
export const version = "0.1.0";
