import type { WireMessage } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import { countOrderMismatch } from '@sluice/service-shell';
import { RELEASE_CANCELLED, type SagaCommand, type State } from '@sluice/withdrawal-core';
import { openCases, type OpenedCase } from '../../cases/withdrawal-cases.js';
import { findByIds, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { type CommandContext, commandMessage } from '../../wire/wire.js';
import { givenNow } from '../restored/give-order.js';
import { NO_HOLDS } from '../restored/order-holds.js';
import type { RestoreGuard } from '../restored/restore-guard.js';
import type { OverdueAnswers } from './overdue-answers.js';

const NOT_ACCEPTED: ReadonlySet<string> = new Set(['submitting', 'uncertain']);

/**
 * Leaves orders possibly paid by another venue out of the reports, which may cause a send, and
 * takes those apparently paid back.
 */
export async function withoutHeld(
  tx: Tx,
  guard: Pick<RestoreGuard, 'holds'>,
  { ofVenues }: OverdueAnswers,
  context: CommandContext,
): Promise<{ ofVenues: OverdueAnswers['ofVenues']; takenBack: readonly WireMessage[] }> {
  const ids = [...ofVenues.values()].flatMap((items) =>
    items.flatMap(({ withdrawalId, state }) => (NOT_ACCEPTED.has(state) ? withdrawalId : [])),
  );
  if (ids.length === 0) return { ofVenues, takenBack: [] };
  let stored: StoredWithdrawal[] = [];
  const holds = await guard.holds(tx, async () => (stored = await findByIds(tx, ids)));
  if (holds === NO_HOLDS || holds.size === 0) return { ofVenues, takenBack: [] };
  const cases: OpenedCase[] = [];
  const takenBack = stored
    .filter((one) => holds.has(one.withdrawal.order.id))
    .filter((one) => one.timedReceipt !== null && context.authority.isAsRequested(one))
    .flatMap((one) =>
      givenNow({ holds, cases }, one, [repeatSubmit(one)], context.at).map((command) =>
        commandMessage(one, command, context),
      ),
    );
  (await openCases(tx, cases)).forEach(() => countOrderMismatch('intake-api'));
  const asked = [...ofVenues].map(
    ([venue, items]) =>
      [venue, items.filter(({ withdrawalId }) => !holds.has(withdrawalId))] as const,
  );
  return { ofVenues: new Map(asked), takenBack };
}

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

/** Commands not yet answered by the ledger, without the hold. `because`: reason of a release. */
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
