/**
 * The chains of our own wallet have no memo in a transfer: the memo, and the money with it, would
 * be lost.
 */
const WITHOUT_MEMO: ReadonlySet<string> = new Set(['wallet']);

/** Returns whether a venue can pay with a memo at all. The venue decides per chain. */
export function takesMemo(venue: string): boolean {
  return !WITHOUT_MEMO.has(venue);
}
