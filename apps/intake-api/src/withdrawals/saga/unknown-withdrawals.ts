import { RefusedMessages } from '@sluice/kafka';
import type { InboundEvent, ReportedChange } from './inbound-event.js';

/** Kinds of changes without a withdrawal, or with separate handling of unknown withdrawals. */
const NEEDS_NO_WITHDRAWAL: ReadonlySet<ReportedChange['kind']> = new Set([
  ...(['gas_spent', 'gas_topped_up', 'coins_arrived', 'cost_refused'] as const),
  'fee_recorded', // possibly booked by hand, for a payment not recorded by intake-api
]);

/** Events of withdrawals not on record. After a restore many may arrive. */
export class UnknownWithdrawals extends RefusedMessages {
  constructor(
    causes: ReadonlyMap<string, string>,
    readonly withdrawalIds: readonly string[],
  ) {
    super(causes);
    this.name = 'UnknownWithdrawals';
  }
}

/** Throws UnknownWithdrawals for events of this batch with a withdrawal not on record. */
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
