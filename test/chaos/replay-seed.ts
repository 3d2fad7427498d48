import fc from "fast-check";
import { askedSeed } from "./seeds.ts";

const seed = askedSeed();

fc.configureGlobal({
  ...(seed === undefined ? {} : { seed }),
  reporter: (run) => {
    if (!run.failed) return;
    throw new Error(`${fc.defaultReportMessage(run)}\nagain: SLUICE_SEED=${run.seed} npm run test:chaos`, {
      cause: run.errorInstance,
    });
  },
});
