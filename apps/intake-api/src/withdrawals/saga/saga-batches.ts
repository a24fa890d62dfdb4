import { Inject, Injectable } from '@nestjs/common';
import { RefusedMessages } from '@sluice/kafka';
import type { Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { allowsFailOver, WALLET } from '@sluice/withdrawal-core';
import { findWallets, type KnownWallets } from '../../catalogue/known-wallets.js';
import { findRoutes, type Route } from '../../catalogue/route-store.js';
import { OrderAuthority } from '../../orders/order-authority.js';
import { lockWithdrawals, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { IntakeConfig } from '../../settings/intake-settings.js';
import { NO_HOLDS } from '../restored/order-holds.js';
import { RestoreGuard } from '../restored/restore-guard.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent, ReportedChange } from './inbound-event.js';

@Injectable()
export class SagaBatches {
  constructor(
    private readonly authority: OrderAuthority,
    @Inject(RestoreGuard) private readonly guard: Pick<RestoreGuard, 'holds'>,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'unitWorths'> = { unitWorths: {} },
  ) {}

  /** Throws UnknownWithdrawals if events concern withdrawals not on record. */
  async begin(
    tx: Tx,
    events: readonly InboundEvent[],
  ): Promise<{ readonly fresh: readonly InboundEvent[]; readonly batch: BatchChanges }> {
    const ids = [
      ...new Set(
        events.flatMap(({ change }) =>
          'withdrawalId' in change ? (change.withdrawalId ?? []) : [],
        ),
      ),
    ];
    const claiming = claimEvents(tx, events);
    const locking = lockWithdrawals(tx, ids);
    // The query for holds shares the round trip of the locks. PostgreSQL runs the query after them.
    const holding = events.some(mayGiveOrder)
      ? this.guard.holds(tx, async () => (await locking).values())
      : NO_HOLDS;
    const [claimed, rows, holds] = await Promise.all([claiming, locking, holding]);
    const fresh = await withoutRecordedBroadcasts(tx, claimed, rows);
    refuseUnknown(fresh, rows);
    const ways = await waysOn(tx, fresh, rows);
    const batch: BatchChanges = {
      rows,
      ...ways,
      holds,
      changed: new Map(),
      refusedCancels: new Set(),
      waits: new Map(),
      releasedWhileWaiting: await releasedWhileWaiting(tx, fresh),
      rerouted: new Set(),
      history: [],
      continued: [],
      left: [],
      outgoing: [],
      authority: this.authority,
      worths: this.config.unitWorths,
      cases: [],
      costs: [],
      accounts: new Set(),
    };
    return { fresh, batch };
  }
}

/** Events to apply, each id once. Facts need no inbox row: state and history keep them. */
async function claimEvents(
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
 * Without repeats of recorded broadcasts: after a settlement under another hash, a repeat would
 * look like a second payment.
 */
async function withoutRecordedBroadcasts(
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
  SELECT withdrawal_id AS id, detail AS hash FROM withdrawal_step WHERE withdrawal_id = ANY ($1::uuid[]) AND trigger = 'broadcast'`;

/** True if the event may cause an order to be sent, or a hold to be released. */
function mayGiveOrder({ change }: InboundEvent): boolean {
  if (change.kind === 'hold_assigned' || change.kind === 'missing') return true;
  return change.kind === 'fact' && (change.by === null || change.proof !== undefined);
}

const NO_WALLETS: KnownWallets = { wallets: [], tokens: [] };

/** Loads routes for possible fail-overs, in one look-up for the batch. */
async function waysOn(
  tx: Tx,
  fresh: readonly InboundEvent[],
  rows: Map<string, StoredWithdrawal>,
): Promise<Pick<BatchChanges, 'routes' | 'wallets'>> {
  const assets = fresh.flatMap(({ change }) => {
    if (change.kind !== 'fact') return [];
    const asset = rows.get(change.withdrawalId)?.withdrawal.order.asset;
    return asset !== undefined && allowsFailOver(change.fact(asset)) ? [asset] : [];
  });
  if (assets.length === 0) return { routes: new Map<Asset, Route>(), wallets: NO_WALLETS };
  return { routes: await findRoutes(tx, [...new Set(assets)]), wallets: await findWallets(tx) };
}

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
function refuseUnknown(
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

type CommandRefused = Extract<ReportedChange, { kind: 'command_refused' }>;

/** True if the ledger refused a release without a proof, because a venue has a receipt. */
export function isUnprovenRelease({ command, reason }: CommandRefused): boolean {
  return command === 'ledger.release-hold.v1' && reason === 'not_proven';
}

/**
 * Withdrawals whose cancel request asked to release a hold that waited for an approval: refused
 * after the approval, the request continues at the venue.
 */
async function releasedWhileWaiting(
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
          OR EXISTS (SELECT FROM withdrawal_step e WHERE e.withdrawal_id = w.id AND e.from_state = 'awaiting_approval' AND e.at >= w.cancel_requested_at))`;
