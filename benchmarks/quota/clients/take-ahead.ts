/** Keeps `ahead` items in work, as a program does that feeds a queue of bounded length. */
export const takeAhead = async <T>(
  items: Iterable<T>,
  ahead: number,
  work: (item: T) => Promise<void>,
  lost: () => void,
): Promise<void> => {
  const iterator = items[Symbol.iterator]();
  const loop = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      try {
        await work(next.value);
      } catch {
        lost();
      }
    }
  };
  await Promise.all(Array.from({ length: ahead }, loop));
};
