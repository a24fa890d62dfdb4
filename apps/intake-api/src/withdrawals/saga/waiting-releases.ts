import type { Tx } from '@sluice/postgres';
import type { InboundEvent, ReportedChange } from './inbound-event.js';

type CommandRefused = Extract<ReportedChange, { kind: 'command_refused' }>;

/**
 * Returns whether the ledger refused a release without a proof of non-payment: a venue has a
 * receipt.
 */
export function isUnprovenRelease({ command, reason }: CommandRefused): boolean {
  return command === 'ledger.release-hold.v1' && reason === 'not_proven';
}

/**
 * Returns the withdrawals whose cancel request released a hold that waited for an approval. Such a
 * release has no proof, and the ledger refuses the command after the approval. The cancel request
 * continues at the venue.
 */
export async function releasedWhileWaiting(
  tx: Tx,
  events: readonly InboundEvent[],
): Promise<ReadonlySet<string>> {
  const ids = events.flatMap(({ change }) =>
    change.kind === 'command_refused' && isUnprovenRelease(change) ? [change.withdrawalId] : [],
  );
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(CANCELLED_WHILE_WAITING, [[...new Set(ids)]]);
  return new Set(rows.map(({ id }) => id));
}

const CANCELLED_WHILE_WAITING = `
  SELECT w.id FROM withdrawal w WHERE w.id = ANY ($1::uuid[]) AND w.cancel_requested_at IS NOT NULL
     AND (w.state = 'awaiting_approval'
          OR EXISTS (SELECT FROM withdrawal_event e WHERE e.withdrawal_id = w.id AND e.from_state = 'awaiting_approval' AND e.at >= w.cancel_requested_at))`;
