/** A process that makes one real run for its parent. */
import { realCases } from "./real-cases.ts";
import { realRun, type RealOptions } from "./real-run.ts";

process.once("message", ({ name, ...options }: RealOptions & { readonly name: string }) => {
  const found = realCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Cannot run: there is no case named "${name}"`);
  realRun(found, options).then(
    (result) => {
      // What a peer has left in flight is not waited for.
      process.send?.(result, () => process.exit(0));
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
