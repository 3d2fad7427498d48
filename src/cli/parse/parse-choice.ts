import { UsageError } from "../usage-error.ts";

/** Reads one of a few words. @throws UsageError naming the flag and the words */
export const parseChoice = <Choice extends string>(text: string, flag: string, choices: readonly Choice[]): Choice => {
  const choice = choices.find((known) => known === text.trim());
  if (choice !== undefined) return choice;
  const words = [choices.slice(0, -1).join(", "), ...choices.slice(-1)].join(" or ");
  throw new UsageError(`${flag} must be ${words}, got ${JSON.stringify(text)}`);
};
