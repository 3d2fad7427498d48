import type { MatchLogic, ModelInfo } from "@pydantic/genai-prices";

/**
 * Whether an entry of the price table is really about the model that was asked for. The table also matches by the
 * beginnings and parts of names, which makes `claude-sonnet-5` out of `claude-sonnet-5-5`: here, a name that the entry
 * gives must be the same but for a version, such as a date.
 */
export const isAbout = (asked: string, { id, match }: Pick<ModelInfo, "id" | "match">): boolean => {
  const wanted = asked.toLowerCase();
  return [id, ...namesIn(match)].some((name) => sameModel(wanted, name.toLowerCase()));
};

const namesIn = (match: MatchLogic): readonly string[] => {
  if ("or" in match) return match.or.flatMap(namesIn);
  if ("and" in match) return match.and.flatMap(namesIn);
  if ("equals" in match) return [match.equals];
  if ("starts_with" in match) return [match.starts_with];
  if ("ends_with" in match) return [match.ends_with];
  return "contains" in match ? [match.contains] : [];
};

const sameModel = (a: string, b: string): boolean => {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  return longer.startsWith(shorter) && version.test(longer.slice(shorter.length));
};

const month = "(?:0[1-9]|1[0-2])";
const day = "(?:0[1-9]|[12]\\d|3[01])";

/** Nothing, or `-2025-08-07`, `-20250807`, `-250807`, `-0807`, `-2508`, `-08-07`, `-08-2025`, `-001`, `@20250807`, `-latest`. */
const version = new RegExp(
  `^(?:[-@](?:(?:20)?\\d\\d-?${month}-?${day}|${month}-?${day}|2\\d${month}|${month}-20\\d\\d|0\\d\\d|latest|default))?$`,
);
