import { fieldsOf, rowsOf, type Fields } from '@sluice/stack';

/** Fault of a request on the way to a venue, or of the response on the way back. */
export type RequestFault =
  /** The venue takes the payment; the connection is cut before the response. */
  | { readonly kind: 'cut' }
  /** … stays open and silent. */
  | { readonly kind: 'hang' }
  /**
   * The venue takes the payment and responds with a server error, in the venue's format or as a
   * proxy's HTML page.
   */
  | { readonly kind: 'server-error' }
  | { readonly kind: 'html' }
  /** The venue takes the payment and responds with a plain refusal. */
  | { readonly kind: 'refuses-and-pays' }
  /** The request arrives after this delay, regardless of the sender's conclusions. */
  | { readonly kind: 'late'; readonly ms: number }
  /** A true refusal: the venue's book stays unchanged. */
  | { readonly kind: 'refuses' }
  | { readonly kind: 'too-many-requests' }
  /** A CDN answers with a page: instead of the venue, or for a payment that the venue has taken. */
  | { readonly kind: 'page' }
  | { readonly kind: 'page-and-pays' }
  /** A true refusal with a code that no table lists. */
  | { readonly kind: 'unlisted-code' }
  /** Two concurrent responses are swapped. */
  | { readonly kind: 'swaps-answers' }
  /**
   * Listings omit records. The choice depends on the record alone: the same records are missing
   * each time.
   */
  | { readonly kind: 'omits' }
  /** Listings show another amount for some records. */
  | { readonly kind: 'other-amount' }
  /** Listings show a name of coin or chain that no table has, or no readable time, for some records. */
  | { readonly kind: 'odd-names' }
  | { readonly kind: 'odd-times' }
  | { readonly kind: 'slow-listing'; readonly ms: number }
  /** No request reaches the venue. */
  | { readonly kind: 'unreachable' };

export type RequestFaultKind = RequestFault['kind'];

/** Relative frequency of each kind after every kind was drawn once. */
export const REQUEST_FAULT_WEIGHTS: Readonly<Record<RequestFaultKind, number>> = {
  cut: 4,
  hang: 2,
  'server-error': 2,
  html: 2,
  'refuses-and-pays': 3,
  late: 4,
  refuses: 3,
  'too-many-requests': 1,
  page: 1,
  'page-and-pays': 1,
  'unlisted-code': 1,
  'swaps-answers': 1,
  omits: 2,
  'other-amount': 1,
  'odd-names': 1,
  'odd-times': 1,
  'slow-listing': 1,
  unreachable: 1,
};
export const REQUEST_FAULT_KINDS = Object.keys(
  REQUEST_FAULT_WEIGHTS,
) as readonly RequestFaultKind[];

/** Returns the records of a listing's document; `path` are the fields down to the records. */
export function recordsIn(document: unknown, path: readonly string[]): readonly Fields[] {
  return rowsOf(path.reduce((part, field) => fieldsOf(part)[field], document));
}

/** Returns the same document with other records. */
export function withRecords(
  document: unknown,
  [field, ...deeper]: readonly string[],
  records: readonly Fields[],
): unknown {
  if (field === undefined) return records;
  const fields = fieldsOf(document);
  return { ...fields, [field]: withRecords(fields[field], deeper, records) };
}
