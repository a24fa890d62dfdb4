import type { StatusScript } from '../sim/payment-book.js';
import { ANY_OTHER_STATUS } from '../sim/scripts.js';

/** The ways a payment can go. The manual lists the statuses without an order; this one is inferred. */
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

/** `Pending` here is always without a transaction: that comes with `BlockchainConfirmed`. */
export const CANCELLABLE: readonly string[] = [
  'SecurityCheck',
  'Pending',
  'MoreInformationRequired',
];

/** Statuses that can end, and so have a duration. */
export const PASSING_STATUSES = [
  'SecurityCheck',
  'Pending',
  'MoreInformationRequired',
  'BlockchainConfirmed',
  'success',
  ANY_OTHER_STATUS,
] as const;
