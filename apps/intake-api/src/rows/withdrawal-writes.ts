import {
  WITHDRAWAL_CANCEL,
  WITHDRAWAL_COLUMNS,
  WITHDRAWAL_HISTORY,
  WITHDRAWAL_RECIPIENT,
  WITHDRAWAL_REQUEST,
  WITHDRAWAL_VENUE,
} from '@sluice/http-api';
import { type Columns, currencyOf, networkOf, wireDestination } from '@sluice/kernel';
import { recipientDigest, type SignedRequest } from '@sluice/messages';
import { assignmentsFrom, givenRows, namesOf, rowsOf, type Tx } from '@sluice/postgres';
import type { NotifiedEnd, PricedOrder, RouteDecision, Withdrawal } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from './withdrawal-store.js';

export interface NewWithdrawal {
  readonly order: PricedOrder;
  readonly decimals: number;
  /** Digest of the recipient; computed if absent. */
  readonly recipient?: string;
  readonly digest: string;
  readonly seal: string;
  /** Proof of the customer's request; null for a withdrawal recorded again without the request. */
  readonly requestProof: string | null;
  readonly venueClientReference: string;
  readonly signedRequest: SignedRequest | null;
  readonly firstStep: FirstStep;
  /** Data of a lost withdrawal to be recorded again; absent for new withdrawals. */
  readonly lost?: {
    /** Original public number, never assigned twice; null for a new number. */
    readonly number: string | null;
    /** Number of the newest published event; 0 if none is known. */
    readonly published: number;
    /** Time of the original request: the venue is queried before the order is sent. */
    readonly requestedAt: Date;
    /** Final status without a payment, notified to the customer: the withdrawal is cancelled again. */
    readonly notified: NotifiedEnd | null;
  };
}

interface FirstStep {
  readonly trigger: 'requested' | 'continued';
  readonly detail: string;
  /** Routing decision with chosen and skipped venues; null if no venue had to be chosen. */
  readonly decision: RouteDecision | null;
}

/** Default of the column: a time and eleven bits of the sequence, unique even after a restore. */
const NEXT_NUMBER =
  "floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048";

const REQUEST = {
  ...WITHDRAWAL_REQUEST,
  venue: WITHDRAWAL_COLUMNS.venue,
  published: WITHDRAWAL_COLUMNS.published,
  recipient: WITHDRAWAL_RECIPIENT.recipient,
};
const { firstStep: FIRST_STEP } = WITHDRAWAL_HISTORY;
const ASKED = {
  ...REQUEST,
  firstStep: FIRST_STEP,
  lostNumber: { column: 'lost_number', type: 'bigint', nullable: true },
  lostRequestedAt: { column: 'lost_requested_at', type: 'timestamptz', nullable: true },
} as const satisfies Columns;

const ASKED_SCOPE =
  'CASE WHEN asked.shares_reference THEN asked.account_id::text ELSE asked.key_id END';

/** A scalar sub-select: PostgreSQL would hash an EXISTS over the whole table. */
const IS_FIRST =
  '(SELECT true FROM withdrawal p WHERE p.account_id = asked.account_id AND p.recipient = asked.recipient LIMIT 1) IS NULL';

/** The scans by number never return to a lower number. */
const IS_PASSED =
  'number <= greatest((SELECT scan_next_to FROM recovery), (SELECT compared_to FROM ledger_comparison))';

const FOLLOW_PASSED = `
  WITH ids AS (SELECT unnest($1::uuid[]) AS id), compared AS (INSERT INTO ledger_unsettled SELECT id FROM ids ON CONFLICT DO NOTHING)
  INSERT INTO open_withdrawal (id) SELECT id FROM ids ON CONFLICT DO NOTHING`;

const INSERT = `INSERT INTO withdrawal (${namesOf(REQUEST)}, first_step, first_payment, number, sequence, state, requested_at, ordered_at, updated_at)
   SELECT ${namesOf(REQUEST)}, first_step || to_jsonb((extract(epoch FROM date_trunc('milliseconds', now())) * 1000)::bigint), ${IS_FIRST}, coalesce(lost_number, ${NEXT_NUMBER}), 1, 'requested', coalesce(lost_requested_at, date_trunc('milliseconds', now())), lost_requested_at, date_trunc('milliseconds', now())
     FROM (SELECT *, ${ASKED_SCOPE} AS scope FROM ${givenRows('asked', ASKED)} OFFSET 0) AS asked
    WHERE NOT EXISTS (SELECT FROM archived_withdrawal r WHERE r.reference_scope = asked.scope AND r.client_reference = asked.client_reference)
    ORDER BY asked.client_reference, asked.scope
   ON CONFLICT DO NOTHING RETURNING id, number::text, ${IS_PASSED} AS is_passed`;

/**
 * Inserts withdrawals ordered by reference, against deadlocks; returns the numbers by id, without
 * taken references. Numbers that the scans have passed are added to the scans' lists.
 */
export async function insertWithdrawals(
  tx: Tx,
  asked: readonly NewWithdrawal[],
): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; number: string; is_passed: boolean }>(INSERT, [
    rowsOf(ASKED, asked.map(askedRow)),
  ]);
  const passed = rows.filter((row) => row.is_passed).map(({ id }) => id);
  if (passed.length > 0) void tx.query(FOLLOW_PASSED, [passed]);
  return new Map(rows.map((row) => [row.id, row.number]));
}

function askedRow({ order, lost, firstStep, ...asked }: NewWithdrawal) {
  const { trigger, detail, decision } = firstStep;
  return {
    ...asked,
    ...order,
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    destination: wireDestination(order.destination),
    recipient: asked.recipient ?? recipientDigest(order.destination),
    givenAddress: order.givenAddress ?? null,
    amount: order.amount.toString(),
    fee: order.fee.toString(),
    sharesReference: order.referenceScope === order.accountId,
    published: lost?.published ?? 0,
    firstStep: [1, trigger, 'requested', detail, decision],
    lostNumber: lost?.number ?? null,
    lostRequestedAt: lost?.requestedAt ?? null,
  };
}

// Cancels and fail-overs are rare. Separate statements keep the update of every step small.

const { id: ID } = WITHDRAWAL_COLUMNS;
const CANCEL = { id: ID, ...WITHDRAWAL_CANCEL };
const SAVE_CANCEL = `UPDATE withdrawal w SET ${assignmentsFrom('v', WITHDRAWAL_CANCEL)}
  FROM ${givenRows('v', CANCEL)} WHERE w.id = v.id`;
const VENUE = { id: ID, ...WITHDRAWAL_VENUE };
const SAVE_VENUE = `UPDATE withdrawal w SET ${assignmentsFrom('v', WITHDRAWAL_VENUE)}
  FROM ${givenRows('v', VENUE)} WHERE w.id = v.id`;

/** The state may have changed since the report. The time of the last change stays: a wait is no progress. */
const SAVE_WAITS = `UPDATE withdrawal w SET waits_for = v.waits_for
  FROM unnest($1::uuid[], $2::text[]) AS v(id, waits_for) WHERE w.id = v.id AND w.waits_for IS DISTINCT FROM v.waits_for`;

/** Writes what holds orders at their venues, as venue and cause. */
export function saveWaits(tx: Tx, waits: ReadonlyMap<string, string>): void {
  if (waits.size > 0) void tx.query(SAVE_WAITS, [[...waits.keys()], [...waits.values()]]);
}

export function saveCancelRequests(tx: Tx, requested: readonly Withdrawal[]): void {
  if (requested.length === 0) return;
  const rows = requested.map(({ order, cancel }) => ({
    id: order.id,
    cancelRequestedAt: cancel?.requestedAt ?? null,
    cancelRequestedBy: cancel?.requestedBy ?? null,
    cancelRefusal: cancel?.refusal ?? null,
  }));
  void tx.query(SAVE_CANCEL, [rowsOf(CANCEL, rows)]);
}

/** Writes the current venue with the deadline to begin, and the previous venues. */
export function saveVenues(tx: Tx, stored: readonly StoredWithdrawal[]): void {
  if (stored.length === 0) return;
  const rows = stored.map(({ withdrawal: { order, venue, tried }, submitBy }) => ({
    id: order.id,
    venue,
    tried,
    submitBy,
  }));
  void tx.query(SAVE_VENUE, [rowsOf(VENUE, rows)]);
}

/** The next run of recovery looks at these withdrawals, except those that recovery has locked. */
export function lookSoon(tx: Tx, ids: readonly string[]): void {
  if (ids.length > 0) void tx.query(LOOK_SOON, [ids]);
}

const LOOK_SOON = `
  UPDATE open_withdrawal SET look_at = clock_timestamp()
   WHERE id IN (SELECT id FROM open_withdrawal WHERE id = ANY ($1::uuid[]) FOR UPDATE SKIP LOCKED)`;
