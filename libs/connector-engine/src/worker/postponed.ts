/** An order whose request cannot be prepared now. */
export interface Postponed {
  readonly id: string;
  readonly pauseMs: number;
  readonly cause: string;
}

interface PostponedGroup extends Pick<Postponed, 'pauseMs' | 'cause'> {
  readonly ids: readonly string[];
}

export function groupedByCause(later: readonly Postponed[]): PostponedGroup[] {
  const groups = Map.groupBy(later, ({ pauseMs, cause }) => `${pauseMs} ${cause}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, ids: group.map(({ id }) => id) }];
  });
}
