import { Amount } from '@sluice/money';
import { recipientOf, type Body, type Customer } from '@sluice/e2e';
import type { SimulatedPayment, SimulatorControl } from '@sluice/test-kit';

/** A payment that no customer asked for: another recipient, another amount, or once more than it was asked for. */
export interface Unasked {
  readonly venue: string;
  readonly payment: SimulatedPayment;
}

/**
 * The venues' own books against what customers asked for, over all venues together. The recipient of each order is nobody else's, so a
 * payment belongs to the order that it pays, whatever it calls itself.
 */
export async function unaskedPayments(
  books: ReadonlyMap<string, SimulatorControl>,
  customers: readonly Customer[],
): Promise<readonly Unasked[]> {
  const asked = new Map(
    customers.flatMap(({ asked: orders }) =>
      [...orders.values()].map((body) => [recipientOf(body).toLowerCase(), body]),
    ),
  );
  const unasked: Unasked[] = [];
  for (const [venue, book] of books)
    for (const payment of await book.payments()) {
      const recipient = payment.destination.toLowerCase();
      const body = asked.get(recipient);
      asked.delete(recipient); // a second payment to the same recipient was not asked for
      if (body === undefined || !pays(payment, body)) unasked.push({ venue, payment });
    }
  return unasked;
}

function pays({ net_amount, currency }: SimulatedPayment, body: Body): boolean {
  const asset = `${currency}.ETH` as const;
  return (
    currency === body['currency'] &&
    Amount.of(net_amount, asset).equals(Amount.of(String(body['amount']), asset))
  );
}
