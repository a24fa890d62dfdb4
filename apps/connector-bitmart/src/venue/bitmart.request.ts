import type { PreparedRequest, WithdrawalOrder } from '@sluice/connector-rules';
import type { Destination } from '@sluice/destination';
import { Amount } from '@sluice/money';
import { TYPE_OF_KIND } from './bitmart.capabilities.js';
import type { AmountReading } from './bitmart.mapping.js';
import type { Terms } from './bitmart.terms.js';

const REMARK = 'To Digital Address'; // as every client sends it; no read gives it back

/**
 * The body, so that the recipient gets exactly what was asked. On a chain the fee is added where `amount` is read as gross.
 * Transfers between accounts are taken to be free (unconfirmed): one that is not shows as paid otherwise than asked.
 */
export function requestOf(
  order: WithdrawalOrder,
  terms: Terms,
  amountIs: AmountReading,
): PreparedRequest {
  const { asset, destination, form } = order;
  const added = form === 'chain' && amountIs === 'gross' ? terms.fee : '0';
  const gross = order.amount.plus(Amount.of(added, asset));
  const body = JSON.stringify({
    currency: terms.id,
    amount: gross.toString(),
    ...recipientFields(destination),
  });
  return {
    form,
    body,
    gross,
    evidence: { fee: terms.fee, fee_added: added, fee_read_at: terms.readAt.toISOString() },
  };
}

function recipientFields(destination: Destination): object {
  switch (destination.type) {
    case 'address':
      return {
        destination: REMARK,
        address: destination.address,
        ...(destination.memo !== undefined && { address_memo: destination.memo }),
      };
    case 'venue_account':
      return {
        type: TYPE_OF_KIND[destination.kind],
        value: destination.value,
        areaCode: destination.areaCode ?? '',
      };
    case 'reference_account':
      throw new Error('BitMart has no form for a bank account'); // no form of the capabilities names one
  }
}
