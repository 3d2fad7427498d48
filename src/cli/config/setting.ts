/** One value of the configuration, and where it stands. */
export interface Setting {
  /** Such as `limits`, `rpm`. */
  readonly path: readonly string[];
  /** As the client takes it. */
  readonly value: unknown;
  /** As people read it; keys are masked. */
  readonly text: string;
  /** `flag --rpm`, `SLUICE_RPM`, `.env:3`, `sluice.config.yaml:6`, `default`. */
  readonly origin: string;
  /** A flag or a variable said it, and no file of settings. */
  readonly typed?: true;
}

/** The settings of one origin. */
export type Layer = readonly Setting[];

/** Where a value is, as messages name it. */
export const pathText = (path: readonly string[]): string => path.join(".");

/** One setting of each path: a later layer wins. */
export const mergeLayers = (layers: readonly Layer[]): Layer => {
  const winners = new Map<string, Setting>();
  for (const setting of layers.flat()) {
    const key = JSON.stringify(setting.path);
    winners.set(key, setting);
  }
  return [...winners.values()];
};

/** Whether the keys of a provider stand at a path. */
export const holdsKeys = (path: readonly string[]): boolean =>
  path.length === 3 && path[0] === "providers" && path[2] === "keys";

/** The setting of a path, when there is one. */
export const settingAt = (settings: Layer, path: readonly string[]): Setting | undefined =>
  settings.find((setting) => JSON.stringify(setting.path) === JSON.stringify(path));

/** The settings below a path. */
export const settingsBelow = (settings: Layer, path: readonly string[]): Layer =>
  settings.filter((setting) => path.every((name, index) => setting.path[index] === name));
