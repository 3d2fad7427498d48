import { costTargets } from "./cost-target.ts";
import { steadyTargets } from "./steady-targets.ts";
import { retryTarget } from "./retry-target.ts";
import type { TargetGroup } from "./target.ts";
import { timerTarget } from "./timer-target.ts";
import { waitTarget } from "./wait-target.ts";

/** All that is measured on its own; the others are read off the tables. */
export const targets: readonly TargetGroup[] = [...steadyTargets, costTargets, retryTarget, timerTarget, waitTarget];
