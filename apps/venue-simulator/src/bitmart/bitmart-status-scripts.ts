import type { StatusScript } from '../sim/payment-book.js';
import { ANY_OTHER_STATUS } from '../sim/scripts.js';

/**
 * The ways a payment can go. A status is the number on the wire; `2_tx` is also 2, with a transaction id. Which statuses an
 * account transfer passes is unconfirmed: it goes as a withdrawal does and never gets a transaction id.
 */
export const BITMART_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['0', '1', '2', '2_tx', '3'] },
  withdrawal_going_back: { statuses: ['0', '1', '2', '2_tx', '3', '2_tx', '3'] },
  withdrawal_cancelled: { statuses: ['0', '1', '4'], returnsFunds: true },
  withdrawal_failed: { statuses: ['0', '1', '2', '5'], returnsFunds: true },
  transfer: { statuses: ['0', '1', '2', '3'] },
  transfer_going_back: { statuses: ['0', '1', '2', '3', '2', '3'] },
  transfer_cancelled: { statuses: ['0', '1', '4'], returnsFunds: true },
  transfer_failed: { statuses: ['0', '1', '2', '5'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = ['0', '1', '2', '2_tx', '3', ANY_OTHER_STATUS] as const;

/** Returns the status number shown by the venue. */
export function wireStatus(status: string): number {
  return Number(status.charAt(0));
}

export function hasTransaction(status: string): boolean {
  return status === '2_tx' || status === '3';
}
