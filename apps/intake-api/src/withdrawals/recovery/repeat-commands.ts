import type { Command, State } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../withdrawal-store.js';

/** The order that its venue was given, word for word: the same deadline, the same reference, the same time. */
export function submitAgain({ submitBy }: StoredWithdrawal): Command {
  return { kind: 'submit', notAfter: submitBy };
}

/** A wish that no venue has refused yet stands; asking for the same again changes nothing there. */
export function cancelAgain({ withdrawal }: StoredWithdrawal): readonly Command[] {
  return withdrawal.cancel !== null && withdrawal.cancel.refusal === null
    ? [{ kind: 'cancel' }]
    : [];
}

/** What the ledger was asked for and has not answered, but for the hold itself; `because` is why it was to be released. */
export function ledgerAgain({ withdrawal }: StoredWithdrawal, because: string): readonly Command[] {
  const { state, venueFee, venueFeeRecorded } = withdrawal;
  const fee: readonly Command[] =
    venueFee === null || venueFeeRecorded ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
  if (state === 'capturing') return [{ kind: 'capture' }, ...fee];
  return RELEASING.has(state) ? [{ kind: 'release', reason: because }] : fee;
}

const RELEASING: ReadonlySet<State> = new Set(['releasing', 'cancelling']);
