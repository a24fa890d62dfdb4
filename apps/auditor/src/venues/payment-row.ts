import { movedNothing, type ListedWithdrawal } from '@sluice/connector-rules';
import { keyOf, unlistedKey } from './equality-key.js';

/** Row of `venue_payment` for a record of the venue. */
export function paymentRow(venue: string, record: ListedWithdrawal) {
  const { currency, destination } = record;
  const net = record.net?.toString() ?? null;
  const unlisted = net === null ? null : unlistedKey(venue, currency, net);
  return {
    venue,
    venue_reference: record.venueReference,
    form: record.form,
    client_reference: record.clientReference,
    currency,
    network: record.network,
    destination,
    net,
    gross: record.gross?.toString() ?? null,
    venue_fee: record.venueFee?.toString() ?? null,
    equality_key:
      net === null || destination === null ? unlisted : keyOf(currency, net, destination),
    unlisted_key: unlisted,
    status: statusOf(record),
    venue_status: record.venueStatus,
    tx_hash: record.txHash,
    created_at: record.createdAt,
  };
}

/** A failed record with a transaction is a payment with an open end. */
function statusOf(record: ListedWithdrawal): ListedWithdrawal['status']['kind'] {
  const { kind } = record.status;
  return kind === 'failed' && !movedNothing(record) ? 'pending' : kind;
}
