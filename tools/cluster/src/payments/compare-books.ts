import { Amount, type Asset } from '@sluice/kernel';
import { paysToBankAccount, recipientOf, type VenueName } from '@sluice/stack';
import type { SimulatedPayment } from '@sluice/test-kit';
import type { Order } from './payments.js';

/** A payment in the record of a venue. */
type Payment = Pick<SimulatedPayment, 'id' | 'destination' | 'memo' | 'net_amount'>;
export type Books = ReadonlyMap<VenueName, readonly Payment[]>;

interface Comparison {
  readonly paidOnce: number;
  /**
   * A sentence for each order with a fault. Correct means: paid exactly once, in full, by the
   * requested venue, and booked as completed.
   */
  readonly faults: readonly string[];
}

/** Compares the venues' records with the orders and with our states (by reference). */
export function compareBooks(
  orders: readonly Order[],
  states: ReadonlyMap<string, string>,
  books: Books,
): Comparison {
  const all = [...books].flatMap(([venue, payments]) =>
    payments.map((payment) => ({ venue, payment, to: recipientOf(venue, payment) })),
  );
  const paid = Map.groupBy(all, ({ to }) => to);
  const faults = orders.flatMap((order) => {
    const fault = faultOf(order, states.get(order.reference), paid.get(order.recipient) ?? []);
    return fault === null ? [] : [`${order.reference} ${fault}`];
  });
  return { paidOnce: orders.length - faults.length, faults };
}

function faultOf(
  { amount, venue }: Order,
  state: string | undefined,
  paid: readonly { readonly venue: VenueName; readonly payment: Payment }[],
): string | null {
  const [first, ...more] = paid;
  if (more.length > 0)
    return `was paid ${paid.length} times: ${paid.map(({ payment }) => payment.id).join(', ')}`;
  if (!first) return `was not paid, but is ${state ?? 'unknown'}`;
  if (first.venue !== venue) return `was paid by ${first.venue}, requested from ${venue}`;
  const asset: Asset = paysToBankAccount(venue) ? 'EUR.SEPA' : 'USDT.ETH';
  if (!Amount.of(first.payment.net_amount, asset).equals(Amount.of(amount, asset)))
    return `was paid ${first.payment.net_amount}, requested were ${amount}`;
  return state === 'completed' ? null : `was paid, but is ${state ?? 'unknown'}`;
}
