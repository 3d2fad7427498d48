import type { OptionFlags } from "../run/run-flags.ts";
import { type OptionKey, optionKeys } from "./option-keys.ts";
import type { Layer, Setting } from "./setting.ts";

/** The settings that flags make. @throws UsageError */
export const flagLayer = (flags: OptionFlags): Layer =>
  optionKeys.flatMap((option) => {
    const text = flags[option.field];
    return text === undefined ? [] : [typed(option, text, option.flag, `flag ${option.flag}`)];
  });

/**
 * The settings that variables named `SLUICE_…` make.
 *
 * @param originOf tells where a variable stands: its own name, or a line of a file.
 * @throws UsageError
 */
export const variableLayer = (
  environment: (name: string) => string | undefined,
  originOf: (name: string) => string = (name) => name,
): Layer =>
  optionKeys.flatMap((option) => {
    const { variable } = option;
    const text = environment(variable);
    return text === undefined ? [] : [typed(option, text, variable, originOf(variable))];
  });

/** What holds where nobody says anything; the values are the client's own. */
export const defaultLayer: Layer = optionKeys.flatMap(({ path, usual }) =>
  usual === undefined ? [] : [{ path, value: undefined, text: usual, origin: "default" }],
);

const typed = ({ path, parse }: OptionKey, text: string, place: string, origin: string): Setting => {
  const value = parse(text, place);
  return {
    path,
    value,
    text: typeof value === "number" && path[0] === "limits" ? String(value) : text,
    origin,
    typed: true,
  };
};
