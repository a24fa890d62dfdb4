import { currencyOf, networkOf, wireDestination } from '@sluice/kernel';
import type { SignedRequest } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import type { PricedOrder, NotifiedEnd } from '@sluice/withdrawal-core';

/** Priced order about to be recorded. */
export interface NewWithdrawal {
  readonly order: PricedOrder;
  readonly decimals: number;
  readonly digest: string;
  readonly seal: string;
  readonly venueClientReference: string;
  readonly signedRequest: SignedRequest | null;
  /** Data of a lost withdrawal to be recorded again; absent for new withdrawals. */
  readonly lost?: {
    /** Original public number, never assigned twice; null for a new number. */
    readonly number: string | null;
    /** Sequence number above all published steps. */
    readonly sequence: number;
    /**
     * Time of the original request. The venue may have received the order since, and is queried
     * before the order is sent.
     */
    readonly requestedAt: Date;
    /** Final status without a payment, notified to the customer: the withdrawal is cancelled again. */
    readonly notified: NotifiedEnd | null;
  };
}

/**
 * Default of the column: a time and eleven bits of the sequence. A number is never assigned twice,
 * not even after a restore.
 */
const NEXT_NUMBER =
  "floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048";

const ASKED =
  'id, account_id, key_id, client_reference, currency, network, decimals, destination, amount, fee, venue, pinned, submit_within_ms, digest, order_seal, venue_client_reference, shares_reference, signed_request, sequence';

const ASKED_SCOPE =
  'CASE WHEN asked.shares_reference THEN asked.account_id::text ELSE asked.key_id END';

/**
 * The scans for open withdrawals and for the comparison with the ledger follow the public number. They
 * do not return to a lower number.
 */
const IS_PASSED =
  'number <= greatest((SELECT scan_next_to FROM recovery), (SELECT compared_to FROM ledger_comparison))';

const FOLLOW_PASSED = `
  WITH ids AS (SELECT unnest($1::uuid[]) AS id), compared AS (INSERT INTO ledger_unsettled SELECT id FROM ids ON CONFLICT DO NOTHING)
  INSERT INTO open_withdrawal (id) SELECT id FROM ids ON CONFLICT DO NOTHING`;

/**
 * Inserts requested withdrawals, ordered by reference to prevent deadlocks between batches. Returns
 * the public number of each new withdrawal. Withdrawals with a reference already taken are omitted.
 * A number that the scans have passed comes from a clock that was set back, or from a lost withdrawal.
 * That withdrawal is added to the lists that the scans fill.
 */
export async function insertWithdrawals(
  tx: Tx,
  asked: readonly NewWithdrawal[],
): Promise<Map<string, string>> {
  const orders = asked.map(({ order }) => order);
  const rows = await tx.query<{ id: string; number: string; is_passed: boolean }>(
    `INSERT INTO withdrawal (${ASKED}, number, state, requested_at, ordered_at, updated_at)
     SELECT ${ASKED}, coalesce(lost_number, ${NEXT_NUMBER}), 'requested', coalesce(lost_requested_at, date_trunc('milliseconds', now())), lost_requested_at, date_trunc('milliseconds', now())
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::jsonb[], $9::numeric[], $10::numeric[], $11::text[], $12::bool[], $13::int[], $14::text[], $15::text[], $16::text[], $17::bool[], $18::jsonb[], $19::int[], $20::bigint[], $21::timestamptz[])
              AS asked (${ASKED}, lost_number, lost_requested_at)
      WHERE NOT EXISTS (SELECT FROM archived_withdrawal r WHERE r.reference_scope = ${ASKED_SCOPE} AND r.client_reference = asked.client_reference)
      ORDER BY asked.client_reference, ${ASKED_SCOPE}
     ON CONFLICT DO NOTHING RETURNING id, number::text, ${IS_PASSED} AS is_passed`,
    [
      orders.map((order) => order.id),
      orders.map((order) => order.accountId),
      orders.map((order) => order.keyId),
      orders.map((order) => order.clientReference),
      orders.map((order) => currencyOf(order.asset)),
      orders.map((order) => networkOf(order.asset)),
      asked.map(({ decimals }) => decimals),
      orders.map((order) => JSON.stringify(wireDestination(order.destination))),
      orders.map((order) => order.amount.toString()),
      orders.map((order) => order.fee.toString()),
      orders.map((order) => order.venue),
      orders.map((order) => order.pinned),
      orders.map((order) => order.submitWithinMs),
      asked.map(({ digest }) => digest),
      asked.map(({ seal }) => seal),
      asked.map(({ venueClientReference }) => venueClientReference),
      orders.map(({ referenceScope, accountId }) => referenceScope === accountId),
      asked.map(({ signedRequest }) => signedRequest && JSON.stringify(signedRequest)),
      asked.map(({ lost }) => lost?.sequence ?? 1),
      asked.map(({ lost }) => lost?.number ?? null),
      asked.map(({ lost }) => lost?.requestedAt.toISOString() ?? null),
    ],
  );
  const passed = rows.filter((row) => row.is_passed).map(({ id }) => id);
  if (passed.length > 0) void tx.query(FOLLOW_PASSED, [passed]);
  return new Map(rows.map((row) => [row.id, row.number]));
}
