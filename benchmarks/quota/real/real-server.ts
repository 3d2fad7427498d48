/** A process in which a simulated provider runs until its parent leaves. */
import { startSimulator, type SimulatorOptions } from "../../../src/simulator/simulator.ts";

process.once("message", (options: SimulatorOptions) => {
  startSimulator(options).then(
    (simulator) => process.send?.(simulator.url),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
