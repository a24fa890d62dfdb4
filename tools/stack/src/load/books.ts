import type { BookPayment } from '../chains/chain-book.js';
import { isSimulated, recipientOf, simulatedOf, type VenueName } from '../tables/venues.js';
import type { PaidAt } from './verdict.js';

/** Record of payments kept outside the gateway: by a simulated venue or a chain. */
interface Book {
  payments(): Promise<readonly BookPayment[]>;
}

/** Books by venue; the wallet has a book for each chain. */
export type Books = readonly (readonly [VenueName, Book])[];

/** All outgoing payments by recipient. */
export async function paymentsOf(books: Books): Promise<ReadonlyMap<string, readonly PaidAt[]>> {
  const all: PaidAt[] = [];
  for (const [venue, book] of books) {
    const sentBack = isSimulated(venue) ? simulatedOf(venue).api.sentBack : [];
    for (const payment of await book.payments())
      if (!sentBack.includes(payment.status)) all.push({ venue, payment });
  }
  return Map.groupBy(all, ({ venue, payment }) => recipientOf(venue, payment));
}
