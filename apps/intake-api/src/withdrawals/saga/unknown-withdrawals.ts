import { RefusedMessages } from '@sluice/kafka';
import type { InboundEvent, ReportedChange } from './inbound-event.js';

/** About what is of no withdrawal, or has a step of its own. */
const NEEDS_NO_WITHDRAWAL: ReadonlySet<ReportedChange['kind']> = new Set([
  ...(['gas_spent', 'gas_topped_up', 'coins_arrived', 'cost_refused'] as const),
  'fee_recorded', // may be booked by hand, of something that is not ours
]);

/** Events of withdrawals that are not on record. After a restore there may be many of them. */
export class UnknownWithdrawals extends RefusedMessages {
  constructor(
    causes: ReadonlyMap<string, string>,
    readonly withdrawalIds: readonly string[],
  ) {
    super(causes);
    this.name = 'UnknownWithdrawals';
  }
}

/** Throws UnknownWithdrawals for the events of this batch whose withdrawals are not among those on record. */
export function refuseUnknown(
  events: readonly InboundEvent[],
  onRecord: ReadonlyMap<string, unknown>,
): void {
  const unknown = events.flatMap(({ id, change }) =>
    'withdrawalId' in change &&
    change.withdrawalId !== undefined &&
    !NEEDS_NO_WITHDRAWAL.has(change.kind) &&
    !onRecord.has(change.withdrawalId)
      ? [{ id, withdrawalId: change.withdrawalId }]
      : [],
  );
  if (unknown.length === 0) return;
  throw new UnknownWithdrawals(
    new Map(
      unknown.map(({ id, withdrawalId }) => [id, `withdrawal ${withdrawalId} is not on record`]),
    ),
    unknown.map(({ withdrawalId }) => withdrawalId),
  );
}
