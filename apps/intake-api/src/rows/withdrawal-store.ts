import { untilOf } from '@sluice/signing';
import type { SignedRequest } from '@sluice/messages';
import { Amount, assetOf, destinationOf, type WireDestination } from '@sluice/kernel';
import type { Database, Tx } from '@sluice/postgres';
import { digestOf } from '../orders/order-digest.js';
import {
  earlier,
  reasonCodeOf,
  type CancelRequest,
  type Order,
  type State,
  type Withdrawal,
} from '@sluice/withdrawal-core';

/**
 * Withdrawal with row data: the public number, and the currency's decimals at the time of
 * acceptance.
 */
export interface StoredWithdrawal {
  readonly number: string;
  readonly decimals: number;
  readonly withdrawal: Withdrawal;
  /** Digest identifying the order at ledger and connectors. */
  readonly digest: string;
  /**
   * intake-api's own MAC of the digest, made at the time of the customer's request; null for
   * withdrawals older than seals.
   */
  readonly seal: string | null;
  /**
   * Ledger's receipt for the current venue; null until the hold is placed, and during an assignment
   * to the next venue.
   */
  readonly receipt: string | null;
  /** Receipt with an end time; null for a ledger of release 0.2. */
  readonly timedReceipt: string | null;
  /** Receipt for the signer, while our own wallet is the venue. */
  readonly signerReceipt: string | null;
  /** Proof of the last refusing or failing venue: no money moved at this venue. */
  readonly proof: string | null;
  /**
   * Previous venue's proof used to assign the hold to the current venue; null without a previous
   * venue, or after an assignment by release 0.2.
   */
  readonly assignedProof: string | null;
  /**
   * Our reference at the venue; null for older withdrawals, with a reference derived from the id by
   * the connector.
   */
  readonly venueClientReference: string | null;
  /** Content signed by the customer, for the ledger; null for keys of other algorithms. */
  readonly signedRequest: SignedRequest | null;
  /** Time of the order to the current venue; null until ordered. */
  readonly orderedAt: Date | null;
  /** Deadline of the current venue to begin; null: no deadline, or not ordered yet. */
  readonly submitBy: Date | null;
  /** Time of the last change, by the database's clock. */
  readonly updatedAt: Date;
}

/** Client reference and the scope of uniqueness. */
export interface ScopedReference {
  readonly referenceScope: string;
  readonly clientReference: string;
}

/** Columns read from a withdrawal's row. */
export interface Row {
  id: string;
  number: string;
  account_id: string;
  key_id: string;
  client_reference: string | null;
  shares_reference: boolean;
  currency: string;
  network: string;
  decimals: number;
  destination: WireDestination;
  amount: string;
  fee: string;
  venue: string;
  pinned: boolean;
  submit_within_ms: number | null;
  tried: string[];
  state: State;
  sequence: number;
  venue_reference: string | null;
  tx_hash: string | null;
  error_message: string | null;
  expected_at: Date | null;
  requested_at: Date;
  broadcast_at: Date | null;
  confirmed_at: Date | null;
  confirmations: number | null;
  block_number: string | null;
  cancel_requested_at: Date | null;
  cancel_requested_by: string | null;
  cancel_refusal: string | null;
  digest: string | null;
  order_seal: string | null;
  hold_receipt: string | null;
  timed_receipt: string | null;
  signer_receipt: string | null;
  venue_proof: string | null;
  assigned_proof: string | null;
  signed_request: SignedRequest | null;
  submit_by: Date | null;
  venue_fee: string | null;
  venue_fee_recorded: boolean;
  venue_client_reference: string | null;
  ordered_at: Date | null;
  updated_at: Date;
}

// Confirmations are computed while the withdrawal is waiting; the stored value is the number at
// finality.
const CONFIRMATIONS = `CASE WHEN state <> 'broadcast' THEN confirmations
       WHEN block_number IS NOT NULL THEN (SELECT greatest(c.head - block_number + 1, 1)::int FROM wallet_chain c WHERE c.chain = network) END`;

export const COLUMNS = `id, number::text, account_id, key_id, client_reference, shares_reference, currency, network, decimals, destination, amount::text, fee::text, venue, pinned, submit_within_ms, tried,
  state, sequence, venue_reference, tx_hash, error_message, expected_at, requested_at, broadcast_at, confirmed_at, ${CONFIRMATIONS} AS confirmations, block_number::text,
  cancel_requested_at, cancel_requested_by, cancel_refusal, digest, order_seal, hold_receipt, timed_receipt, signer_receipt, venue_proof, assigned_proof, signed_request, venue_client_reference, ordered_at, submit_by, venue_fee::text, venue_fee_recorded, updated_at`;

/** Archived withdrawal, reshaped as a live row; working columns are NULL. */
const ARCHIVED = `(
  SELECT w.* FROM k JOIN archived_withdrawal r USING (reference_scope, client_reference), LATERAL jsonb_populate_record(NULL::withdrawal, to_jsonb(r)) AS w) AS archived`;

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

/** Writes all changes of a batch in a single statement. */
export function updateWithdrawals(tx: Tx, stored: readonly StoredWithdrawal[], at: Date): void {
  const changed = stored.map(({ withdrawal }) => withdrawal);
  void tx.query(
    `UPDATE withdrawal w
        SET state = v.state, sequence = v.sequence, venue_reference = v.venue_reference, tx_hash = v.tx_hash, error_message = v.error_message,
            expected_at = v.expected_at, broadcast_at = v.broadcast_at, confirmed_at = v.confirmed_at, ordered_at = v.ordered_at, venue_fee = v.venue_fee, venue_fee_recorded = v.venue_fee_recorded,
            hold_receipt = v.hold_receipt, venue_proof = v.venue_proof, signer_receipt = v.signer_receipt, confirmations = v.confirmations, block_number = v.block_number, timed_receipt = v.timed_receipt, assigned_proof = v.assigned_proof, updated_at = $20::timestamptz,
            rejected_reference = CASE WHEN v.state = 'rejected' THEN w.client_reference END,
            client_reference = CASE WHEN v.state = 'rejected' THEN NULL ELSE w.client_reference END
       FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::numeric[], $12::bool[], $13::text[], $14::text[], $15::text[], $16::int[], $17::bigint[], $18::text[], $19::text[])
         AS v (id, state, sequence, venue_reference, tx_hash, error_message, expected_at, broadcast_at, confirmed_at, ordered_at, venue_fee, venue_fee_recorded, hold_receipt, venue_proof, signer_receipt, confirmations, block_number, timed_receipt, assigned_proof)
      WHERE w.id = v.id`,
    [
      changed.map((withdrawal) => withdrawal.order.id),
      changed.map((withdrawal) => withdrawal.state),
      changed.map((withdrawal) => withdrawal.sequence),
      changed.map((withdrawal) => withdrawal.venueReference),
      changed.map((withdrawal) => withdrawal.txHash),
      changed.map((withdrawal) => withdrawal.reasonCode),
      changed.map((withdrawal) => withdrawal.expectedAt?.toISOString() ?? null),
      changed.map((withdrawal) => withdrawal.broadcastAt?.toISOString() ?? null),
      changed.map((withdrawal) => withdrawal.confirmedAt?.toISOString() ?? null),
      stored.map(({ orderedAt }) => orderedAt?.toISOString() ?? null),
      changed.map(({ venueFee }) => venueFee?.toString() ?? null),
      changed.map(({ venueFeeRecorded }) => venueFeeRecorded),
      stored.map(({ receipt }) => receipt),
      stored.map(({ proof }) => proof),
      stored.map(({ signerReceipt }) => signerReceipt),
      changed.map(({ confirmations }) => confirmations),
      changed.map(({ blockNumber }) => blockNumber),
      stored.map(({ timedReceipt }) => timedReceipt),
      stored.map(({ assignedProof }) => assignedProof),
      at.toISOString(),
    ],
  );
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
  const asset = assetOf(row.currency, row.network);
  const order: Order = {
    id: row.id,
    accountId: row.account_id,
    keyId: row.key_id,
    clientReference: row.client_reference,
    referenceScope: row.shares_reference ? row.account_id : row.key_id,
    asset,
    destination: destinationOf(row.destination),
    amount: Amount.of(row.amount, asset),
    fee: Amount.of(row.fee, asset),
    venue: row.tried[0] ?? row.venue,
    pinned: row.pinned,
    submitWithinMs: row.submit_within_ms,
    requestedAt: row.requested_at,
  };
  return {
    number: row.number,
    decimals: row.decimals,
    digest: row.digest ?? digestOf(order),
    seal: row.order_seal,
    receipt: row.hold_receipt,
    timedReceipt: row.timed_receipt,
    signerReceipt: row.signer_receipt,
    proof: row.venue_proof,
    assignedProof: row.assigned_proof,
    signedRequest: row.signed_request,
    venueClientReference: row.venue_client_reference,
    orderedAt: row.ordered_at,
    submitBy: submitByOf(row),
    updatedAt: row.updated_at,
    withdrawal: {
      order,
      state: row.state,
      venue: row.venue,
      tried: row.tried,
      sequence: row.sequence,
      venueReference: row.venue_reference,
      txHash: row.tx_hash,
      reasonCode: row.error_message === null ? null : reasonCodeOf(row.error_message),
      expectedAt: row.expected_at,
      venueFee: row.venue_fee === null ? null : Amount.of(row.venue_fee, asset),
      venueFeeRecorded: row.venue_fee_recorded,
      broadcastAt: row.broadcast_at,
      confirmedAt: row.confirmed_at,
      confirmations: row.confirmations,
      blockNumber: row.block_number,
      cancel: cancelOf(row),
    },
  };
}

/**
 * Deadline of the current venue. A withdrawal cancelled before the order has no time to begin.
 * Otherwise the deadline is the end of the ledger's receipt. For a receipt without an end, the
 * first venue's deadline follows from the order. The deadline of a later venue followed from the
 * route at the time, and is stored.
 */
function submitByOf({
  tried,
  submit_by: kept,
  ordered_at: orderedAt,
  submit_within_ms: withinMs,
  cancel_requested_at: cancelledAt,
  timed_receipt: timedReceipt,
}: Row): Date | null {
  const until = untilOf(timedReceipt);
  if (orderedAt !== null && cancelledAt !== null && cancelledAt <= orderedAt)
    return earlier(orderedAt, until);
  if (until !== null) return until;
  if (tried.length > 0) return kept;
  return orderedAt === null || withinMs === null ? null : new Date(orderedAt.getTime() + withinMs);
}

function cancelOf(row: Row): CancelRequest | null {
  if (row.cancel_requested_at === null || row.cancel_requested_by === null) return null;
  return {
    requestedAt: row.cancel_requested_at,
    requestedBy: row.cancel_requested_by,
    refusal: row.cancel_refusal,
  };
}
