/** The rows of some neighbouring classes, sent in one reading of the input. */
export interface Pass {
  readonly least: number;
  readonly most: number;
}

const mostPasses = 6;
/** A smaller pass would not be worth another reading, but for the first one: what takes longest decides when all ends. */
const leastShare = 0.05;

/**
 * Divides classes into passes, the highest first; one for all where rows hardly differ.
 *
 * @param counts how many rows each class has.
 */
export const planPasses = (counts: readonly number[]): readonly Pass[] => {
  const groups = counts
    .map((rows, place): Group => ({ least: place, most: place, rows }))
    .filter(({ rows }) => rows > 0);
  groups.reverse();
  const [top, bottom] = [groups[0], groups.at(-1)];
  if (top === undefined || bottom === undefined || top.most - bottom.least <= 1)
    return [{ least: 0, most: counts.length }];
  const enough = leastShare * groups.reduce((sum, { rows }) => sum + rows, 0);
  while (groups.length > 1) {
    const smallest = smallestBelowTop(groups);
    if (groups.length <= mostPasses && (groups[smallest]?.rows ?? 0) >= enough) break;
    joinNeighbour(groups, smallest);
  }
  return groups.map(({ least, most }) => ({ least, most }));
};

interface Group extends Pass {
  readonly rows: number;
}

const smallestBelowTop = (groups: readonly Group[]): number => {
  let smallest = 1;
  for (const [place, { rows }] of groups.entries()) {
    if (place > 1 && rows < (groups[smallest]?.rows ?? 0)) smallest = place;
  }
  return smallest;
};

/** With the smaller of its neighbours, but with the top only when nothing else is left. */
const joinNeighbour = (groups: Group[], place: number): void => {
  const [above, below] = [groups[place - 1], groups[place + 1]];
  const upwards = below === undefined || (place > 1 && (above?.rows ?? 0) <= below.rows);
  const [first, second] = upwards ? [above, groups[place]] : [groups[place], below];
  if (first === undefined || second === undefined) return;
  const joined = { least: second.least, most: first.most, rows: first.rows + second.rows };
  groups.splice(upwards ? place - 1 : place, 2, joined);
};
