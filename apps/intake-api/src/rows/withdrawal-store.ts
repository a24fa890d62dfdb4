import { untilOf } from '@sluice/signing';
import type { SignedRequest } from '@sluice/messages';
import {
  Amount,
  assetOf,
  destinationOf,
  valuesOf,
  type RowOf,
  type WireDestination,
} from '@sluice/kernel';
import {
  WITHDRAWAL_COLUMNS,
  WITHDRAWAL_HISTORY,
  WITHDRAWAL_MARKS,
  WITHDRAWAL_PROGRESS,
  WITHDRAWAL_STEP,
} from '@sluice/http-api';
import {
  assignmentsFrom,
  givenRows,
  rowsOf,
  selectedByProperty,
  type Database,
  type Tx,
} from '@sluice/postgres';
import {
  earlier,
  reasonCodeOf,
  type CancelRequest,
  type Order,
  type PolicyRefusal,
  type RouteDecision,
  type State,
  type Withdrawal,
} from '@sluice/withdrawal-core';

/** Withdrawal with public number, and the currency's decimals at acceptance. */
export interface StoredWithdrawal {
  readonly number: string;
  readonly decimals: number;
  readonly withdrawal: Withdrawal;
  readonly digest: string;
  /**
   * Our MAC of the digest, made at the request; empty in an archived row. A row with another MAC is
   * not the customer's order.
   */
  readonly seal: string;
  /** Proof of the request for the auditor; null without a shared key or without the request. */
  readonly requestProof: string | null;
  /**
   * Ledger's receipt for the current venue, with an end; null without a placed or assigned hold.
   */
  readonly timedReceipt: string | null;
  /** Receipt for the signer, while our own wallet is the venue. */
  readonly signerReceipt: string | null;
  /** Proof of the last refusing or failing venue: no money moved at this venue. */
  readonly proof: string | null;
  /**
   * Previous venue's proof for the assignment to the current venue; null without a previous venue.
   */
  readonly assignedProof: string | null;
  /** Our reference at the venue; empty for an archived row. */
  readonly venueClientReference: string;
  /** Content signed by the customer, for the ledger; null for keys of other algorithms. */
  readonly signedRequest: SignedRequest | null;
  /** Time of the order to the current venue; null until ordered. */
  readonly orderedAt: Date | null;
  /** Deadline of the current venue to begin; null: no deadline, or not ordered yet. */
  readonly submitBy: Date | null;
  /** Time of the last change, by the database's clock. */
  readonly updatedAt: Date;
}

export interface ScopedReference {
  readonly referenceScope: string;
  readonly clientReference: string;
}

/** Row of a withdrawal, as read with `COLUMNS`. */
export type Row = Omit<
  RowOf<typeof WITHDRAWAL_COLUMNS>,
  'state' | 'destination' | 'signedRequest' | 'policyRefusal'
> & {
  readonly state: State;
  readonly destination: WireDestination;
  readonly signedRequest: SignedRequest | null;
  readonly policyRefusal: PolicyRefusal | null;
};

// Counted while waiting; the stored value is the number at finality.
const CONFIRMATIONS = `CASE WHEN state <> 'broadcast' THEN confirmations
       WHEN block_number IS NOT NULL THEN (SELECT greatest(c.head - block_number + 1, 1)::int FROM wallet_chain c WHERE c.chain = network) END`;

export const COLUMNS = selectedByProperty(WITHDRAWAL_COLUMNS, { confirmations: CONFIRMATIONS });

/** Archived withdrawal, reshaped as a live row; working columns are NULL, or empty. */
const ARCHIVED = `(
  SELECT w.* FROM k JOIN archived_withdrawal r USING (reference_scope, client_reference),
                  LATERAL jsonb_populate_record(NULL::withdrawal, to_jsonb(r) || '{"order_seal": "", "venue_client_reference": ""}') AS w) AS archived`;

/** Locks and loads withdrawals, ordered by key to prevent deadlocks between batches. */
export async function lockWithdrawals(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, StoredWithdrawal>> {
  const rows = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM withdrawal WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, fromRow(row)]));
}

export interface HistoryStep {
  readonly withdrawalId: string;
  readonly sequence: number;
  readonly to: State;
  readonly trigger: string;
  readonly detail: string | null;
  /** Routing decision with chosen and skipped venues; null if no venue had to be chosen. */
  readonly decision: RouteDecision | null;
}

const STEP = { id: WITHDRAWAL_COLUMNS.id, ...WITHDRAWAL_STEP, steps: WITHDRAWAL_HISTORY.steps };
const LISTED = 'account_id, currency, network, venue, state, number, requested_at';
const UPDATE = `WITH changed AS (UPDATE withdrawal w
    SET ${assignmentsFrom('v', WITHDRAWAL_STEP)}, steps = w.steps || v.steps,
        rejected_reference = CASE WHEN v.state = 'rejected' THEN w.client_reference END,
        client_reference = CASE WHEN v.state = 'rejected' THEN NULL ELSE w.client_reference END
   FROM ${givenRows('v', STEP)} WHERE w.id = v.id
 RETURNING w.account_id, w.currency, w.network, w.venue, w.state, w.number, w.requested_at)
 INSERT INTO ended_withdrawal (${LISTED}) SELECT ${LISTED} FROM changed
  WHERE state IN ('completed', 'returned', 'failed', 'cancelled') ON CONFLICT DO NOTHING`;

/** Writes changes and steps, and adds ended withdrawals to the list of their customer. */
export function updateWithdrawals(
  tx: Tx,
  stored: readonly StoredWithdrawal[],
  history: readonly HistoryStep[],
  at: Date,
): void {
  const steps = Map.groupBy(history, ({ withdrawalId }) => withdrawalId);
  const changed = stored.map((one) => ({
    ...one,
    ...one.withdrawal,
    id: one.withdrawal.order.id,
    venueFee: one.withdrawal.venueFee?.toString() ?? null,
    returnedAmount: one.withdrawal.returnedAmount?.toString() ?? null,
    updatedAt: at,
    steps: (steps.get(one.withdrawal.order.id) ?? []).map(
      ({ sequence, trigger, to, detail, decision }) =>
        [sequence, trigger, to, detail, decision, at.getTime()] as const,
    ),
  }));
  void tx.query(UPDATE, [rowsOf(STEP, changed)]);
}

/** Finds an account's withdrawal by public number; withdrawals of other accounts are not found. */
export async function findByNumber(
  database: Database,
  number: string,
  accountId: string,
): Promise<StoredWithdrawal | null> {
  const [row] = await database.query<Row>(
    `SELECT ${COLUMNS} FROM withdrawal WHERE number = $1 AND account_id = $2 AND state <> 'rejected'`,
    [number, accountId],
  );
  return row ? fromRow(row) : null;
}

/** Finds withdrawals by reference, including archived withdrawals. */
export async function findByReferences(
  source: Pick<Tx, 'query'>,
  references: readonly ScopedReference[],
): Promise<StoredWithdrawal[]> {
  const rows = await source.query<Row>(
    `WITH k AS (SELECT * FROM unnest($1::text[], $2::text[]) AS k (reference_scope, client_reference))
     SELECT ${COLUMNS} FROM withdrawal JOIN k USING (reference_scope, client_reference)
     UNION ALL SELECT ${COLUMNS} FROM ${ARCHIVED}`,
    [
      references.map(({ referenceScope }) => referenceScope),
      references.map(({ clientReference }) => clientReference),
    ],
  );
  return rows.map(fromRow);
}

export async function findByIds(
  database: Pick<Tx, 'query'>,
  ids: readonly string[],
): Promise<StoredWithdrawal[]> {
  return (
    await database.query<Row>(`SELECT ${COLUMNS} FROM withdrawal WHERE id = ANY ($1::uuid[])`, [
      ids,
    ])
  ).map(fromRow);
}

export function fromRow(row: Row): StoredWithdrawal {
  const { number, decimals, digest, seal, requestProof, signedRequest, venueClientReference } = row;
  const asset = assetOf(row.currency, row.network);
  const order: Order = {
    id: row.id,
    accountId: row.accountId,
    keyId: row.keyId,
    clientReference: row.clientReference,
    referenceScope: row.sharesReference ? row.accountId : row.keyId,
    asset,
    destination: destinationOf(row.destination),
    ...(row.givenAddress !== null && { givenAddress: row.givenAddress }),
    amount: Amount.of(row.amount, asset),
    fee: Amount.of(row.fee, asset),
    venue: row.tried[0] ?? row.venue,
    pinned: row.pinned,
    submitWithinMs: row.submitWithinMs,
    requestedAt: row.requestedAt,
  };
  return {
    ...valuesOf(WITHDRAWAL_MARKS, row),
    number,
    decimals,
    digest,
    seal,
    requestProof,
    signedRequest,
    venueClientReference,
    submitBy: submitByOf(row),
    withdrawal: {
      ...valuesOf(WITHDRAWAL_PROGRESS, row),
      order,
      venue: row.venue,
      tried: row.tried,
      reasonCode: row.reasonCode === null ? null : reasonCodeOf(row.reasonCode),
      venueFee: row.venueFee === null ? null : Amount.of(row.venueFee, asset),
      returnedAmount: row.returnedAmount === null ? null : Amount.of(row.returnedAmount, asset),
      cancel: cancelOf(row),
    },
  };
}

/**
 * Deadline of the current venue: the end of the ledger's receipt, during an assignment the stored
 * time. An order cancelled before has no time to begin.
 */
function submitByOf({ submitBy, orderedAt, cancelRequestedAt, timedReceipt }: Row): Date | null {
  const until = untilOf(timedReceipt);
  if (orderedAt !== null && cancelRequestedAt !== null && cancelRequestedAt <= orderedAt)
    return earlier(orderedAt, until);
  return until ?? submitBy;
}

function cancelOf({
  cancelRequestedAt,
  cancelRequestedBy,
  cancelRefusal,
}: Row): CancelRequest | null {
  if (cancelRequestedAt === null || cancelRequestedBy === null) return null;
  return {
    requestedAt: cancelRequestedAt,
    requestedBy: cancelRequestedBy,
    refusal: cancelRefusal,
  };
}
