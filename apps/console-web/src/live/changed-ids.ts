/** Returns the ids of an event `changed`; null if the data have another form. */
export function changedIds(data: string): readonly string[] | null {
  try {
    const { ids } = JSON.parse(data) as { readonly ids?: unknown };
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? ids : null;
  } catch {
    return null;
  }
}

const WITHDRAWALS = '/internal/withdrawals';
/** Reads with many costs, which the slow repetition renews. */
const SLOW = `${WITHDRAWALS}/throughput`;

/**
 * True for a read concerned by a change of the withdrawals. `shown`: id of the withdrawal in the read
 * data, for a single withdrawal. Ids of null stand for any withdrawal.
 */
export function isConcerned(
  key: readonly unknown[],
  shown: string | null,
  ids: readonly string[] | null,
): boolean {
  const [service, path] = key;
  if (typeof path !== 'string') return false;
  if (ids === null) return service !== 'session';
  if (path.startsWith(SLOW)) return false;
  if (shown !== null) return ids.includes(shown);
  if (service === 'intake-api' && path.startsWith(WITHDRAWALS))
    return path === WITHDRAWALS || /^[?/]/.test(path.slice(WITHDRAWALS.length));
  const parts = path.split(/[/?]/);
  return ids.some((id) => parts.includes(id));
}
