import { WALLET, type State, type Withdrawal } from '@sluice/withdrawal-core';

const UNDECIDED_AT_VENUE: readonly State[] = [
  'requested',
  'submitting',
  'uncertain',
  'undecided',
  'releasing',
  'cancelling',
];

/**
 * Returns whether the venue has decided; for our own wallet, whether the transaction is broadcast.
 * No answer waits for an approval, because people may take days.
 */
export function isDecided(withdrawal: Pick<Withdrawal, 'state' | 'venue'>): boolean {
  const { state } = withdrawal;
  return (
    !UNDECIDED_AT_VENUE.includes(state) && !(state === 'submitted' && isWithWallet(withdrawal))
  );
}

export function isWithWallet({ venue }: Pick<Withdrawal, 'venue'>): boolean {
  return venue === WALLET;
}

/**
 * Returns whether a request may wait for a step from this state. After the venue's decision only an
 * answer to a cancel request is awaited.
 */
export function isAwaited(before: State, { venue, cancel }: Withdrawal): boolean {
  return cancel !== null || !isDecided({ state: before, venue });
}
