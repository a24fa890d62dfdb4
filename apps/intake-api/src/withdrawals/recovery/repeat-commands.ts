import { RELEASE_CANCELLED, type SagaCommand, type State } from '@sluice/withdrawal-core';
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
 * The answer to the capture decides whether the venue's fee needs a command of its own.
 */
export function repeatLedgerCommands(
  { withdrawal }: StoredWithdrawal,
  because: string,
): readonly SagaCommand[] {
  const { state, venueFeeRecorded, returnedAmount } = withdrawal;
  const venueFee = venueFeeRecorded ? null : withdrawal.venueFee;
  if (state === 'capturing') return [{ kind: 'capture', venueFee }];
  if (state === 'returning' && returnedAmount !== null)
    return [{ kind: 'return', amount: returnedAmount }];
  if (state === 'awaiting_approval') return withdrawal.cancel === null ? [] : [RELEASE_CANCELLED];
  if (RELEASING.has(state)) return [{ kind: 'release', reason: because }];
  return venueFee === null ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
}

const RELEASING: ReadonlySet<State> = new Set(['releasing', 'cancelling']);
