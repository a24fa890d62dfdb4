import { Amount } from '@sluice/kernel';
import { LISTED_WITHDRAWAL, SHOWN_WITHDRAWAL } from '@sluice/http-api';
import { selectedByName, type Tx } from '@sluice/postgres';
import { INTAKE_RETENTION } from '../postgres/retention.js';
import { INTAKE_RIGHTS } from '../postgres/rights.js';
import { aStored } from '../testkit/a-withdrawal.js';
import { insertWithdrawals, saveCancelRequests, saveVenues } from './withdrawal-writes.js';
import {
  COLUMNS,
  findByIds,
  findByReferences,
  lockWithdrawals,
  updateWithdrawals,
} from './withdrawal-store.js';

const AT = new Date('2026-11-20T08:00:05.999Z');
const ID = '0193a000-0000-7000-8000-000000000001';

/** Statement sent by the work, with its parameters. */
async function sentBy(work: (tx: Tx) => unknown) {
  const sent: { sql: string; params: readonly unknown[] }[] = [];
  const query = (sql: string, params: readonly unknown[]) => {
    sent.push({ sql, params });
    return Promise.resolve([]);
  };
  await work({ query } as Partial<Tx> as Tx);
  expect(sent).toHaveLength(1);
  return sent[0]!;
}

const withoutColumns = (sql: string): string => sql.replaceAll(COLUMNS, 'COLUMNS');

/** Rows of the only parameter. */
function rowsIn(params: readonly unknown[]): unknown {
  expect(params).toHaveLength(1);
  return JSON.parse(params[0] as string);
}

describe('the SQL of withdrawals', () => {
  const stored = aStored(
    { id: ID, clientReference: 'r-1' },
    {
      state: 'capturing',
      txHash: '0xabc',
      confirmedAt: AT,
      blockNumber: '9007199254740993',
      confirmations: 12,
    },
  );
  const { order } = stored.withdrawal;
  const withFee = {
    ...stored.withdrawal,
    venueFee: Amount.of('123456789012345678.000001', order.asset),
  };

  it('locks rows by key', async () => {
    const { sql } = await sentBy((tx) => lockWithdrawals(tx, [ID]));
    expect(COLUMNS).toMatchInlineSnapshot(`
      "id, account_id AS "accountId", key_id AS "keyId", client_reference AS "clientReference", currency, network, decimals, destination, given_address AS "givenAddress", amount::text, fee::text, pinned, submit_within_ms AS "submitWithinMs", encode(digest, 'hex') AS "digest", order_seal AS "seal", request_proof AS "requestProof", venue_client_reference AS "venueClientReference", shares_reference AS "sharesReference", signed_request AS "signedRequest", number::text, requested_at AS "requestedAt", state, sequence, published, venue_reference AS "venueReference", tx_hash AS "txHash", expected_at AS "expectedAt", broadcast_at AS "broadcastAt", confirmed_at AS "confirmedAt", CASE WHEN state <> 'broadcast' THEN confirmations
             WHEN block_number IS NOT NULL THEN (SELECT greatest(c.head - block_number + 1, 1)::int FROM wallet_chain c WHERE c.chain = network) END AS "confirmations", block_number::text AS "blockNumber", returned_at AS "returnedAt", policy_refusal AS "policyRefusal", venue_fee_recorded AS "venueFeeRecorded", timed_receipt AS "timedReceipt", signer_receipt AS "signerReceipt", venue_proof AS "proof", assigned_proof AS "assignedProof", ordered_at AS "orderedAt", updated_at AS "updatedAt", error_message AS "reasonCode", venue_fee::text AS "venueFee", returned_amount::text AS "returnedAmount", venue, tried, submit_by AS "submitBy", cancel_requested_at AS "cancelRequestedAt", cancel_requested_by AS "cancelRequestedBy", cancel_refusal AS "cancelRefusal", waits_for AS "waitsFor", rejected_reference AS "rejectedReference""
    `);
    expect(withoutColumns(sql)).toMatchInlineSnapshot(
      `"SELECT COLUMNS FROM withdrawal WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"`,
    );
  });

  it('reads rows by id, and by reference also from the archive', async () => {
    const byId = await sentBy((tx) => findByIds(tx, [ID]));
    const byReference = await sentBy((tx) => findByReferences(tx, []));
    expect(withoutColumns(byId.sql)).toMatchInlineSnapshot(
      `"SELECT COLUMNS FROM withdrawal WHERE id = ANY ($1::uuid[])"`,
    );
    expect(withoutColumns(byReference.sql)).toMatchInlineSnapshot(`
      "WITH k AS (SELECT * FROM unnest($1::text[], $2::text[]) AS k (reference_scope, client_reference))
           SELECT COLUMNS FROM withdrawal JOIN k USING (reference_scope, client_reference)
           UNION ALL SELECT COLUMNS FROM (
        SELECT w.* FROM k JOIN archived_withdrawal r USING (reference_scope, client_reference),
                        LATERAL jsonb_populate_record(NULL::withdrawal, to_jsonb(r) || '{"order_seal": "", "venue_client_reference": ""}') AS w) AS archived"
    `);
  });

  it('writes the steps of a batch with one parameter, and decimals and instants as text', async () => {
    const { sql, params } = await sentBy((tx) =>
      updateWithdrawals(
        tx,
        [{ ...stored, withdrawal: withFee }],
        [
          {
            withdrawalId: stored.withdrawal.order.id,
            sequence: 2,
            trigger: 'settled',
            to: 'capturing',
            detail: '0x1',
            decision: null,
          },
        ],
        AT,
      ),
    );
    expect(sql).toMatchInlineSnapshot(`
      "WITH changed AS (UPDATE withdrawal w
          SET state = v.state, sequence = v.sequence, published = v.published, venue_reference = v.venue_reference, tx_hash = v.tx_hash, expected_at = v.expected_at, broadcast_at = v.broadcast_at, confirmed_at = v.confirmed_at, confirmations = v.confirmations, block_number = v.block_number, returned_at = v.returned_at, policy_refusal = v.policy_refusal, venue_fee_recorded = v.venue_fee_recorded, timed_receipt = v.timed_receipt, signer_receipt = v.signer_receipt, venue_proof = v.venue_proof, assigned_proof = v.assigned_proof, ordered_at = v.ordered_at, updated_at = v.updated_at, error_message = v.error_message, venue_fee = v.venue_fee, returned_amount = v.returned_amount, steps = w.steps || v.steps,
              rejected_reference = CASE WHEN v.state = 'rejected' THEN w.client_reference END,
              client_reference = CASE WHEN v.state = 'rejected' THEN NULL ELSE w.client_reference END
         FROM json_to_recordset($1::json) AS v (id uuid, state text, sequence integer, published integer, venue_reference text, tx_hash text, expected_at timestamptz, broadcast_at timestamptz, confirmed_at timestamptz, confirmations integer, block_number bigint, returned_at timestamptz, policy_refusal jsonb, venue_fee_recorded boolean, timed_receipt text, signer_receipt text, venue_proof text, assigned_proof text, ordered_at timestamptz, updated_at timestamptz, error_message text, venue_fee numeric, returned_amount numeric, steps jsonb) WHERE w.id = v.id
       RETURNING w.account_id, w.currency, w.network, w.venue, w.state, w.number, w.requested_at)
       INSERT INTO ended_withdrawal (account_id, currency, network, venue, state, number, requested_at) SELECT account_id, currency, network, venue, state, number, requested_at FROM changed
        WHERE state IN ('completed', 'returned', 'failed', 'cancelled') ON CONFLICT DO NOTHING"
    `);
    expect(rowsIn(params)).toMatchInlineSnapshot(`
      [
        {
          "assigned_proof": null,
          "block_number": "9007199254740993",
          "broadcast_at": null,
          "confirmations": 12,
          "confirmed_at": "2026-11-20T08:00:05.999Z",
          "error_message": null,
          "expected_at": null,
          "id": "0193a000-0000-7000-8000-000000000001",
          "ordered_at": null,
          "policy_refusal": null,
          "published": 0,
          "returned_amount": null,
          "returned_at": null,
          "sequence": 1,
          "signer_receipt": null,
          "state": "capturing",
          "steps": [
            [
              2,
              "settled",
              "capturing",
              "0x1",
              null,
              1795161605999,
            ],
          ],
          "timed_receipt": null,
          "tx_hash": "0xabc",
          "updated_at": "2026-11-20T08:00:05.999Z",
          "venue_fee": "123456789012345678.000001",
          "venue_fee_recorded": false,
          "venue_proof": null,
          "venue_reference": null,
        },
      ]
    `);
  });

  it('inserts the requests of a batch with one parameter', async () => {
    const { sql, params } = await sentBy((tx) =>
      insertWithdrawals(tx, [
        {
          order,
          decimals: 6,
          digest: 'd',
          seal: 's',
          requestProof: 'p',
          venueClientReference: 'v-1',
          signedRequest: null,
          firstStep: { trigger: 'continued', detail: 'd', decision: null },
          lost: { number: '57212345678913', published: 3, requestedAt: AT, notified: null },
        },
      ]),
    );
    expect(sql).toMatchInlineSnapshot(`
      "INSERT INTO withdrawal (id, account_id, key_id, client_reference, currency, network, decimals, destination, given_address, amount, fee, pinned, submit_within_ms, digest, order_seal, request_proof, venue_client_reference, shares_reference, signed_request, venue, published, recipient, first_step, first_payment, number, sequence, state, requested_at, ordered_at, updated_at)
         SELECT id, account_id, key_id, client_reference, currency, network, decimals, destination, given_address, amount, fee, pinned, submit_within_ms, digest, order_seal, request_proof, venue_client_reference, shares_reference, signed_request, venue, published, recipient, first_step || to_jsonb((extract(epoch FROM date_trunc('milliseconds', now())) * 1000)::bigint), (SELECT true FROM withdrawal p WHERE p.account_id = asked.account_id AND p.recipient = asked.recipient LIMIT 1) IS NULL, coalesce(lost_number, floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048), 1, 'requested', coalesce(lost_requested_at, date_trunc('milliseconds', now())), lost_requested_at, date_trunc('milliseconds', now())
           FROM (SELECT *, CASE WHEN asked.shares_reference THEN asked.account_id::text ELSE asked.key_id END AS scope FROM json_to_recordset($1::json) AS asked (id uuid, account_id uuid, key_id text, client_reference text, currency text, network text, decimals integer, destination jsonb, given_address text, amount numeric, fee numeric, pinned boolean, submit_within_ms integer, digest bytea, order_seal text, request_proof text, venue_client_reference text, shares_reference boolean, signed_request jsonb, venue text, published integer, recipient bytea, first_step jsonb, lost_number bigint, lost_requested_at timestamptz) OFFSET 0) AS asked
          WHERE NOT EXISTS (SELECT FROM archived_withdrawal r WHERE r.reference_scope = asked.scope AND r.client_reference = asked.client_reference)
          ORDER BY asked.client_reference, asked.scope
         ON CONFLICT DO NOTHING RETURNING id, number::text, number <= greatest((SELECT scan_next_to FROM recovery), (SELECT compared_to FROM ledger_comparison)) AS is_passed"
    `);
    expect(rowsIn(params)).toMatchInlineSnapshot(`
      [
        {
          "account_id": "0193a000-0000-7000-8000-00000000000a",
          "amount": "5",
          "client_reference": "r-1",
          "currency": "USDT",
          "decimals": 6,
          "destination": {
            "address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "type": "address",
          },
          "digest": "\\xd",
          "fee": "1",
          "first_step": [
            1,
            "continued",
            "requested",
            "d",
            null,
          ],
          "given_address": null,
          "id": "0193a000-0000-7000-8000-000000000001",
          "key_id": "ck_1",
          "lost_number": "57212345678913",
          "lost_requested_at": "2026-11-20T08:00:05.999Z",
          "network": "ETH",
          "order_seal": "s",
          "pinned": false,
          "published": 3,
          "recipient": "\\x8e86eda7da0386eadd4328ff5524d8ffd95cd99ccb9114102f3f1d18522fe408",
          "request_proof": "p",
          "shares_reference": false,
          "signed_request": null,
          "submit_within_ms": null,
          "venue": "gateio",
          "venue_client_reference": "v-1",
        },
      ]
    `);
  });

  it('writes a fail-over', async () => {
    const rerouted = { ...stored.withdrawal, tried: ['bybit', 'gateio'] };
    const { sql, params } = await sentBy((tx) =>
      saveVenues(tx, [{ ...stored, submitBy: AT, withdrawal: rerouted }]),
    );
    expect(sql).toMatchInlineSnapshot(`
      "UPDATE withdrawal w SET venue = v.venue, tried = v.tried, submit_by = v.submit_by
        FROM json_to_recordset($1::json) AS v (id uuid, venue text, tried text[], submit_by timestamptz) WHERE w.id = v.id"
    `);
    expect(rowsIn(params)).toMatchInlineSnapshot(`
      [
        {
          "id": "0193a000-0000-7000-8000-000000000001",
          "submit_by": "2026-11-20T08:00:05.999Z",
          "tried": [
            "bybit",
            "gateio",
          ],
          "venue": "gateio",
        },
      ]
    `);
  });

  it('writes a cancel request', async () => {
    const cancel = { requestedAt: AT, requestedBy: 'ck_1', refusal: null };
    const { sql, params } = await sentBy((tx) =>
      saveCancelRequests(tx, [{ ...stored.withdrawal, cancel }]),
    );
    expect(sql).toMatchInlineSnapshot(`
      "UPDATE withdrawal w SET cancel_requested_at = v.cancel_requested_at, cancel_requested_by = v.cancel_requested_by, cancel_refusal = v.cancel_refusal
        FROM json_to_recordset($1::json) AS v (id uuid, cancel_requested_at timestamptz, cancel_requested_by text, cancel_refusal text) WHERE w.id = v.id"
    `);
    expect(rowsIn(params)).toMatchInlineSnapshot(`
      [
        {
          "cancel_refusal": null,
          "cancel_requested_at": "2026-11-20T08:00:05.999Z",
          "cancel_requested_by": "ck_1",
          "id": "0193a000-0000-7000-8000-000000000001",
        },
      ]
    `);
  });

  it('shows operators', () => {
    expect(selectedByName(LISTED_WITHDRAWAL)).toMatchInlineSnapshot(
      `"id, account_id, client_reference, currency, network, amount::text, fee::text, number::text, requested_at, state, tx_hash, confirmed_at, error_message, venue"`,
    );
    expect(selectedByName(SHOWN_WITHDRAWAL)).toMatchInlineSnapshot(
      `"id, account_id, client_reference, currency, network, destination, amount::text, fee::text, pinned, submit_within_ms, number::text, requested_at, state, venue_reference, tx_hash, expected_at, confirmed_at, returned_at, error_message, returned_amount::text, venue, tried, cancel_requested_at, cancel_requested_by, cancel_refusal, rejected_reference"`,
    );
  });

  it('lets the service change these columns alone', () => {
    expect(INTAKE_RIGHTS.tables['withdrawal']).toMatchInlineSnapshot(
      `"SELECT, INSERT, UPDATE (state, sequence, published, venue_reference, tx_hash, expected_at, broadcast_at, confirmed_at, confirmations, block_number, returned_at, policy_refusal, venue_fee_recorded, timed_receipt, signer_receipt, venue_proof, assigned_proof, ordered_at, updated_at, error_message, venue_fee, returned_amount, venue, tried, submit_by, cancel_requested_at, cancel_requested_by, cancel_refusal, waits_for, client_reference, rejected_reference, steps)"`,
    );
  });

  it('keeps these columns in the archive', () => {
    expect(INTAKE_RETENTION[0]?.insteadOfDelete).toMatchInlineSnapshot(
      `"INSERT INTO archived_withdrawal (id, account_id, key_id, client_reference, currency, network, decimals, destination, given_address, amount, fee, pinned, digest, shares_reference, number, requested_at, state, sequence, venue_reference, tx_hash, broadcast_at, confirmed_at, confirmations, block_number, returned_at, error_message, returned_amount, venue, tried, cancel_requested_at, cancel_requested_by, cancel_refusal) SELECT id, account_id, key_id, client_reference, currency, network, decimals, destination, given_address, amount, fee, pinned, digest, shares_reference, number, requested_at, state, sequence, venue_reference, tx_hash, broadcast_at, confirmed_at, confirmations, block_number, returned_at, error_message, returned_amount, venue, tried, cancel_requested_at, cancel_requested_by, cancel_refusal FROM withdrawal JOIN over USING (id) ON CONFLICT DO NOTHING RETURNING 1"`,
    );
  });
});
