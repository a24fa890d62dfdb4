import type { Entry } from '../sim/payment.js';
import type { UpvestPayment } from './upvest-state.js';

/** Formats a withdrawal for GET, the list and webhooks. */
export function withdrawalRecord(entry: Entry, status: string): object {
  const payment = entry.payment as UpvestPayment;
  return {
    id: payment.id,
    created_at: new Date(payment.created_at).toISOString(),
    updated_at: new Date(entry.since).toISOString(),
    user_id: payment.user_id,
    account_group_id: payment.account_group_id,
    reference_account_id: payment.destination,
    amount: payment.amount,
    currency: payment.currency,
    remittance_information: payment.memo ?? '',
    ...(payment.purpose_code !== null && { purpose_code: payment.purpose_code }),
    status,
    taxes: [],
  };
}
