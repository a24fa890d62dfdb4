import type { ListedWithdrawal } from './venue-adapter.js';

/** Records of one look-up. */
export interface ReadRecords {
  /** All records that were read, with those of other orders. */
  readonly listed: readonly ListedWithdrawal[];
  /** Records that may be the payment of the order. */
  readonly possible: readonly ListedWithdrawal[];
}

/**
 * Returns the references of all records that may be the payment of an order. A record stays possible
 * until a look-up lists the record and shows that the payment is another order's. While a possible
 * record exists, absence is not proven.
 *
 * @param before result of the previous look-up; empty for the first.
 */
export function possibleAfter(
  before: readonly string[],
  { listed, possible }: ReadRecords,
): readonly string[] {
  const read = new Set(listed.map(({ venueReference }) => venueReference));
  const unread = before.filter((reference) => !read.has(reference));
  return [...new Set([...unread, ...possible.map(({ venueReference }) => venueReference)])];
}

/** Cause for a person, for records that may be the payment and are listed no longer. */
export function vanishedText(references: readonly string[]): string {
  return `a record of the venue may belong to the order, and the venue lists it no longer: ${references.join(', ')}`;
}
