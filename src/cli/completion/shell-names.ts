/** The shells that there is a script for. */
export const shellNames = ["bash", "zsh", "fish", "powershell"] as const;

/** One of them. */
export type ShellName = (typeof shellNames)[number];
