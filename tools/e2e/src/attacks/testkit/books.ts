import { Amount } from '@sluice/kernel';
import { recipientOf, type Body, type Customer } from '../../testkit/customer.js';
import type { SimulatedPayment, SimulatorControl } from '@sluice/test-kit';

/**
 * Payment without a customer's order: another recipient, another amount, or a repeated payment of
 * the same order.
 */
interface Unasked {
  readonly venue: string;
  readonly payment: SimulatedPayment;
}

/**
 * Compares the books of all venues with the orders of the customers. Each order has a unique
 * recipient, and the recipient identifies the order of a payment regardless of the references in
 * the payment.
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
      asked.delete(recipient); // a second payment to the same recipient has no order
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
