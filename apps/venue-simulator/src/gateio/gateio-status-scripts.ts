import type { StatusScript } from '../sim/payment-book.js';
import { ANY_OTHER_STATUS } from '../sim/scripts.js';

/** The ways a payment can go, in the newer of the two vocabularies in circulation. */
export const GATEIO_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['REQUEST', 'REVIEW', 'LOCKED', 'EXTPEND', 'DONE'] },
  withdrawal_going_back: {
    statuses: ['REQUEST', 'REVIEW', 'LOCKED', 'EXTPEND', 'DONE', 'EXTPEND', 'DONE'],
  },
  withdrawal_rejected: { statuses: ['REQUEST', 'REVIEW', 'REJECT'], returnsFunds: true },
  withdrawal_cancelled: { statuses: ['CANCELPEND', 'CANCEL'], returnsFunds: true },
  push: { statuses: ['CREATING', 'RECEIVING', 'RECEIVED'] },
  push_going_back: { statuses: ['CREATING', 'RECEIVING', 'RECEIVED', 'RECEIVING', 'RECEIVED'] },
  push_refused: { statuses: ['CREATING', 'PENDING', 'REFUSED'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

export type GateioStatusScript = keyof typeof GATEIO_STATUS_SCRIPTS;

/** Processing has not started: the record can still be cancelled. */
export const CANCELLABLE: readonly string[] = ['REQUEST', 'REVIEW'];

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = [
  'REQUEST',
  'REVIEW',
  'LOCKED',
  'EXTPEND',
  'DONE',
  'CANCELPEND',
  'CREATING',
  'PENDING',
  'RECEIVING',
  'RECEIVED',
  ANY_OTHER_STATUS,
] as const;
