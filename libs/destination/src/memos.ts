/** On the chains that our own wallet pays on, a transfer has no place for one: what was meant by it would be lost with the money. */
const WITHOUT_MEMO: ReadonlySet<string> = new Set(['wallet']);

/** Whether a venue can pay with a memo at all; which of its chains have one is the venue's to say. */
export function takesMemo(venue: string): boolean {
  return !WITHOUT_MEMO.has(venue);
}
