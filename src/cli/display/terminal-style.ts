/** Looks up a variable of the environment; an empty one counts as absent. */
export type Lookup = (name: string) => string | undefined;

/** Whether colours are wanted: a flag wins, then `FORCE_COLOR`, then `NO_COLOR`, then what the stream is. */
export const wantsColour = (flag: boolean, isTerminal: boolean, environment: Lookup): boolean => {
  if (!flag) return false;
  const forced = environment("FORCE_COLOR") ?? environment("CLICOLOR_FORCE");
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return environment("NO_COLOR") === undefined && isTerminal && environment("TERM") !== "dumb";
};

/** Whether only ASCII signs are safe: nobody has said that the terminal speaks UTF-8. */
export const wantsAscii = (flag: boolean, platform: string, environment: Lookup): boolean => {
  if (flag) return true;
  if (platform === "win32") return environment("WT_SESSION") === undefined && environment("TERM_PROGRAM") === undefined;
  return !/utf-?8/i.test(locale(environment, "LC_CTYPE"));
};

/** Whether the display speaks Chinese; not to a terminal that cannot show it. */
export const wantsChinese = (environment: Lookup): boolean => {
  const [language = "", charset = "utf8"] = locale(environment, "LC_MESSAGES").split(".");
  return /^zh(?![a-z])/i.test(language) && /^utf-?8/i.test(charset);
};

const locale = (environment: Lookup, category: string): string =>
  environment("LC_ALL") ?? environment(category) ?? environment("LANG") ?? "";
