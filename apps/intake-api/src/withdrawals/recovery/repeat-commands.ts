import type { SagaCommand, State } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

/** Submit command as first sent to the venue: same deadline, same reference, same time. */
export function repeatSubmit({ submitBy }: StoredWithdrawal): SagaCommand {
  return { kind: 'submit', notAfter: submitBy };
}

/** Cancel command, while no venue has refused the cancel; a connector ignores a duplicate. */
export function repeatCancel({ withdrawal }: StoredWithdrawal): readonly SagaCommand[] {
  return withdrawal.cancel !== null && withdrawal.cancel.refusal === null
    ? [{ kind: 'cancel' }]
    : [];
}

/**
 * Commands not yet answered by the ledger, except placing the hold. `because`: reason of a release.
 */
export function repeatLedgerCommands(
  { withdrawal }: StoredWithdrawal,
  because: string,
): readonly SagaCommand[] {
  const { state, venueFee, venueFeeRecorded } = withdrawal;
  const fee: readonly SagaCommand[] =
    venueFee === null || venueFeeRecorded ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
  if (state === 'capturing') return [{ kind: 'capture' }, ...fee];
  return RELEASING.has(state) ? [{ kind: 'release', reason: because }] : fee;
}

const RELEASING: ReadonlySet<State> = new Set(['releasing', 'cancelling']);
