import type { PreparedRequest, WithdrawalOrder } from '@sluice/connector-rules';
import { Amount, type Destination } from '@sluice/kernel';
import { TYPE_OF_KIND } from './bitmart.capabilities.js';
import type { AmountReading } from './bitmart.mapping.js';
import type { WithdrawTerms } from './bitmart.terms.js';

const REMARK = 'To Digital Address'; // sent by every client; returned by no read

/**
 * Builds the body: the recipient gets exactly the ordered amount. Transfers between accounts are
 * assumed free (unconfirmed): a charge shows as paid otherwise.
 */
export function requestOf(
  order: WithdrawalOrder,
  terms: WithdrawTerms,
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
      // no form of the capabilities names a bank account
      throw new Error('BitMart has no form for a bank account');
  }
}
