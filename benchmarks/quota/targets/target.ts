/** One thing that was aimed at, and what came of it. */
export interface TargetResult {
  readonly name: string;
  readonly aim: string;
  readonly measured: string;
  readonly met: boolean;
}

/** How a group of targets is measured. */
export interface TargetGroup {
  readonly name: string;
  readonly measure: (options: { readonly minutes: number; readonly seed: number }) => Promise<readonly TargetResult[]>;
}

/** A share as people read it. */
export const percent = (share: number, digits: number = 2): string => `${(100 * share).toFixed(digits)} %`;
