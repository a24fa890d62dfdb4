import type { StatusScript } from '../sim/payment-book.js';
import { ANY_OTHER_STATUS } from '../sim/scripts.js';

/**
 * Possible status sequences of a withdrawal. Upvest has no failure status: payments refused by the
 * bank also end as CANCELLED. `returned`: the recipient's bank returns a confirmed transfer.
 */
export const UPVEST_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['NEW', 'PROCESSING', 'CONFIRMED'] },
  withdrawal_going_back: {
    statuses: ['NEW', 'PROCESSING', 'CONFIRMED', 'PROCESSING', 'CONFIRMED'],
  },
  cancelled_while_new: { statuses: ['NEW', 'CANCELLED'], returnsFunds: true },
  cancelled_while_processing: { statuses: ['NEW', 'PROCESSING', 'CANCELLED'], returnsFunds: true },
  returned: { statuses: ['NEW', 'PROCESSING', 'CONFIRMED', 'CANCELLED'], returnsFunds: true },
  cancelled_by_client: { statuses: ['CANCELLED'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

export type UpvestStatusScript = keyof typeof UPVEST_STATUS_SCRIPTS;

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = ['NEW', 'PROCESSING', 'CONFIRMED', ANY_OTHER_STATUS] as const;
