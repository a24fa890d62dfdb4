/** What can go wrong with a request on its way to a venue, or with the answer on its way back. */
export type RequestFault =
  /** The venue takes the payment; the connection is cut before its answer. */
  | { readonly kind: 'cut' }
  /** … stays open and silent. */
  | { readonly kind: 'hang' }
  /** … gives a server's fault, in the venue's words or as an HTML page of what stands before it. */
  | { readonly kind: 'server-error' }
  | { readonly kind: 'html' }
  /** … says no, in the words of a plain refusal, though it pays. */
  | { readonly kind: 'says-no-and-pays' }
  /** The request lies on the wire so long and then arrives, whatever its sender has come to believe. */
  | { readonly kind: 'late'; readonly ms: number }
  /** A true refusal: nothing arrives at the venue's book. */
  | { readonly kind: 'refuses' }
  | { readonly kind: 'too-many-requests' }
  /** Two answers that cross get each other's place. */
  | { readonly kind: 'swaps-answers' }
  /** Listings leave out records; which, hangs on the record alone, so that the same are missing each time. */
  | { readonly kind: 'omits' }
  /** Listings show another amount for some records. */
  | { readonly kind: 'other-amount' }
  | { readonly kind: 'slow-listing'; readonly ms: number }
  /** No request gets there. */
  | { readonly kind: 'unreachable' };

export type RequestFaultKind = RequestFault['kind'];

/** Every kind, with how often it is drawn once each has had its turn. */
export const REQUEST_FAULT_WEIGHTS: Readonly<Record<RequestFaultKind, number>> = {
  ...{ cut: 4, hang: 2, 'server-error': 2, html: 2, 'says-no-and-pays': 3, late: 4, refuses: 3 },
  ...{ 'too-many-requests': 1, 'swaps-answers': 1, omits: 2, 'other-amount': 1 },
  ...{ 'slow-listing': 1, unreachable: 1 },
};
export const REQUEST_FAULT_KINDS = Object.keys(
  REQUEST_FAULT_WEIGHTS,
) as readonly RequestFaultKind[];
