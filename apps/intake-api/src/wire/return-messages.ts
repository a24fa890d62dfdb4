import type { Amount } from '@sluice/kernel';
import { encode, ledgerCommands, type Envelope, type WireMessage } from '@sluice/messages';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';

/** Fields of a withdrawal's event about a payment that came back; empty without a return. */
export function returnedOf({ returnedAmount, returnedAt }: StoredWithdrawal['withdrawal']) {
  return {
    ...(returnedAmount !== null && { returnedAmount: returnedAmount.toString() }),
    ...(returnedAt !== null && { returnedAt: returnedAt.toISOString() }),
  };
}

/** Command to credit a payment that came back, with the proof of the venue. */
export function returnMessage(
  { withdrawal: { order, venue }, proof }: StoredWithdrawal,
  amount: Amount,
  attributes: Omit<Envelope, 'type' | 'data'>,
): WireMessage {
  return encode(ledgerCommands, {
    ...attributes,
    type: 'ledger.return-payment.v1',
    data: {
      withdrawalId: order.id,
      accountId: order.accountId,
      venue,
      asset: order.asset,
      amount: amount.toString(),
      ...(proof !== null && { proof }),
    },
  });
}
