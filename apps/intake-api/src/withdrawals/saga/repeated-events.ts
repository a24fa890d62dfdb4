import type { Tx } from '@sluice/postgres';
import { WALLET } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { InboundEvent } from './inbound-event.js';

/**
 * Returns the events to apply, each id once. Claims the events whose repeat would change data. A
 * fact needs no inbox row, because state and history of the withdrawal keep the fact.
 */
export async function claimEvents(
  tx: Tx,
  events: readonly InboundEvent[],
): Promise<readonly InboundEvent[]> {
  const claimable = events.filter(isClaimed);
  const claimed = new Set(claimable.length === 0 ? [] : await tx.claimInbox(claimable));
  const ids = new Set<string>();
  return events.filter((event) => {
    if (isClaimed(event)) return claimed.delete(event);
    return !ids.has(event.id) && Boolean(ids.add(event.id));
  });
}

/** Facts of our own wallet are claimed: a replaced hash leaves no step in the history. */
function isClaimed({ change }: InboundEvent): boolean {
  if (change.kind === 'fact') return change.by === WALLET;
  return change.kind !== 'fee_recorded' && change.kind !== 'nothing';
}

/**
 * Returns the events without repeats of broadcasts in the history. The venue may have settled the
 * withdrawal under another hash since, and the repeat would look like a second payment.
 */
export async function withoutRecordedBroadcasts(
  tx: Tx,
  events: readonly InboundEvent[],
  rows: ReadonlyMap<string, StoredWithdrawal>,
): Promise<readonly InboundEvent[]> {
  const late = new Map(
    events.flatMap((event) => {
      const broadcast = lateBroadcastOf(event, rows);
      return broadcast === null ? [] : [[event, broadcast] as const];
    }),
  );
  if (late.size === 0) return events;
  const ids = [...new Set([...late.values()].map(({ id }) => id))];
  const recorded = await tx.query<{ id: string; hash: string }>(BROADCASTS, [ids]);
  const known = new Set(recorded.map(({ id, hash }) => `${id} ${hash}`));
  return events.filter((event) => {
    const broadcast = late.get(event);
    return broadcast === undefined || !known.has(`${broadcast.id} ${broadcast.txHash}`);
  });
}

function lateBroadcastOf(
  { change }: InboundEvent,
  rows: ReadonlyMap<string, StoredWithdrawal>,
): { readonly id: string; readonly txHash: string } | null {
  if (change.kind !== 'fact') return null;
  const withdrawal = rows.get(change.withdrawalId)?.withdrawal;
  if (!withdrawal?.broadcastAt) return null;
  const fact = change.fact(withdrawal.order.asset);
  return fact.trigger === 'broadcast' ? { id: change.withdrawalId, txHash: fact.txHash } : null;
}

const BROADCASTS = `
  SELECT withdrawal_id AS id, detail AS hash FROM withdrawal_event WHERE withdrawal_id = ANY ($1::uuid[]) AND trigger = 'broadcast'`;
