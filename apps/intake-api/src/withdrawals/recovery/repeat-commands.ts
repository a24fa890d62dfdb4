import type { Command, State } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../withdrawal-store.js';

/** The submit command as its venue was sent it: same deadline, same reference, same time. */
export function repeatSubmit({ submitBy }: StoredWithdrawal): Command {
  return { kind: 'submit', notAfter: submitBy };
}

/** The cancel command, while no venue has refused it; a connector that has it already does nothing. */
export function repeatCancel({ withdrawal }: StoredWithdrawal): readonly Command[] {
  return withdrawal.cancel !== null && withdrawal.cancel.refusal === null
    ? [{ kind: 'cancel' }]
    : [];
}

/** The commands that the ledger has not answered, except placing the hold. `because` is the reason of a release. */
export function repeatLedgerCommands(
  { withdrawal }: StoredWithdrawal,
  because: string,
): readonly Command[] {
  const { state, venueFee, venueFeeRecorded } = withdrawal;
  const fee: readonly Command[] =
    venueFee === null || venueFeeRecorded ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
  if (state === 'capturing') return [{ kind: 'capture' }, ...fee];
  return RELEASING.has(state) ? [{ kind: 'release', reason: because }] : fee;
}

const RELEASING: ReadonlySet<State> = new Set(['releasing', 'cancelling']);
