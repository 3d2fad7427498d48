import type { Renderer } from "./renderer.ts";

/** A renderer whose rows have the ids that another one gives them: what is asked of them has changed, not which rows they are. */
export const identifiedBy = (asking: Renderer, naming: Renderer): Renderer => ({
  render(record, file) {
    const { id, explicitId } = naming.render(record, file);
    return { ...asking.render(record, file), id, explicitId };
  },
  finish: (name) => asking.finish(name),
});
