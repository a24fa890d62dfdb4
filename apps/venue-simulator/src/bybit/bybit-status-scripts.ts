import type { StatusScript } from '../sim/payment-book.js';
import { ANY_OTHER_STATUS } from '../sim/scripts.js';

/**
 * Possible status sequences of a payment. The manual lists the statuses without an order; the order
 * is inferred.
 */
export const BYBIT_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['SecurityCheck', 'Pending', 'BlockchainConfirmed', 'success'] },
  withdrawal_going_back: {
    statuses: [
      'SecurityCheck',
      'Pending',
      'BlockchainConfirmed',
      'success',
      'BlockchainConfirmed',
      'success',
    ],
  },
  withdrawal_questioned: {
    statuses: [
      'SecurityCheck',
      'MoreInformationRequired',
      'Pending',
      'BlockchainConfirmed',
      'success',
    ],
  },
  withdrawal_failed: { statuses: ['SecurityCheck', 'Pending', 'Fail'], returnsFunds: true },
  internal: { statuses: ['SecurityCheck', 'Pending', 'success'] },
  internal_going_back: { statuses: ['SecurityCheck', 'Pending', 'success', 'Pending', 'success'] },
  rejected: { statuses: ['SecurityCheck', 'Reject'], returnsFunds: true },
  cancelled: { statuses: ['CancelByUser'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

/**
 * `Pending` never has a transaction in the simulator: the transaction appears with
 * `BlockchainConfirmed`.
 */
export const CANCELLABLE: readonly string[] = [
  'SecurityCheck',
  'Pending',
  'MoreInformationRequired',
];

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = [
  'SecurityCheck',
  'Pending',
  'MoreInformationRequired',
  'BlockchainConfirmed',
  'success',
  ANY_OTHER_STATUS,
] as const;
