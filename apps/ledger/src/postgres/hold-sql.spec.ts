import { SHOWN_HOLD } from '@sluice/http-api';
import { Amount, assetOf } from '@sluice/kernel';
import type { BookChanges, Hold } from '@sluice/ledger-core';
import { withoutRules } from '@sluice/ledger-core/testing';
import { selectedByName, type Tx } from '@sluice/postgres';
import { ChainKeys, newLock } from '../hash-chain/chain-keys.js';
import { HOLD_ROW } from './hold-row.js';
import { LEDGER_RIGHTS } from './rights.js';
import { saveChanges } from './save-changes.js';

const USDT = assetOf('USDT', 'ETH');
const KEYS = ChainKeys.parse(Buffer.alloc(32, 1).toString('base64'));
const ID = '0193a000-0000-7000-8000-000000000001';
const AMOUNT = Amount.of('123456789012345678.000001', USDT);
const AT = '2026-11-20T08:00:00.000Z';
const PLACED: Hold = {
  state: 'placed',
  withdrawalId: ID,
  accountId: '0193a000-0000-7000-8000-00000000000a',
  amount: AMOUNT,
  decidedAt: AT,
  digest: 'd',
  reference: null,
  assignedTo: 'gateio',
  lock: newLock(KEYS, ID, 'lasting'),
  policy: withoutRules(AMOUNT),
  assignedAt: null,
  grant: null,
  submissionStartedAt: null,
  expiresAt: null,
};
const CAPTURED: Hold = {
  ...PLACED,
  state: 'captured',
  captured: Amount.of('123456789012345677', USDT),
  fee: Amount.of('0.1', USDT),
  venueFee: Amount.of('0.4', USDT),
  venue: 'gateio',
  entryId: '0193a000-0000-7000-8000-0000000000ee',
  closedAt: AT,
};

/** Statement about holds sent for these changes, with its rows. */
function sentFor(changes: Partial<BookChanges>): { sql: string; rows: unknown } {
  const sent: { sql: string; rows: unknown }[] = [];
  const tx: Pick<Tx, 'query' | 'require'> = {
    query: (sql, params = []) => {
      if (/ hold\b/.test(sql)) sent.push({ sql, rows: JSON.parse(params[0] as string) });
      return Promise.resolve([]);
    },
    // no row answers: the check fails, and is not what is tested here
    require: (check) => void check.catch(() => undefined),
  };
  const none = { openedAccounts: [], freezes: [], frozen: [], balances: [], entries: [] };
  const all = { ...none, newHolds: [], changedHolds: [], ...changes };
  void saveChanges(tx as Tx, all, KEYS);
  expect(sent).toHaveLength(1);
  return sent[0]!;
}

describe('the SQL of holds', () => {
  it('inserts holds that are merely placed', () => {
    const { sql, rows } = sentFor({ newHolds: [PLACED] });
    expect(sql).toMatchInlineSnapshot(`
      "INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, digest, reference, end_lock, policy_version, payout, key_id, recipient, price_eur, policy_detail, assigned_to, state)
        SELECT withdrawal_id, account_id, asset, amount, decided_at, digest, reference, end_lock, policy_version, payout, key_id, recipient, price_eur, policy_detail, assigned_to, 'placed' FROM json_to_recordset($1::json) AS k (withdrawal_id uuid, account_id uuid, asset text, amount numeric, decided_at timestamptz, digest text, reference text, end_lock text, policy_version integer, payout numeric, key_id text, recipient text, price_eur numeric, policy_detail jsonb, assigned_to text)"
    `);
    expect(rows).toMatchInlineSnapshot(`
      [
        {
          "account_id": "0193a000-0000-7000-8000-00000000000a",
          "amount": "123456789012345678.000001",
          "asset": "USDT.ETH",
          "assigned_to": "gateio",
          "decided_at": "2026-11-20T08:00:00.000Z",
          "digest": "d",
          "end_lock": "a4e380523dea0a2cb70b7733bcc2a952f77cdc9ebf7eae55",
          "key_id": null,
          "payout": "123456789012345678.000001",
          "policy_detail": null,
          "policy_version": 0,
          "price_eur": null,
          "recipient": null,
          "reference": null,
          "withdrawal_id": "0193a000-0000-7000-8000-000000000001",
        },
      ]
    `);
  });

  it('inserts other new holds with all columns', () => {
    const available = Amount.of('0.5', USDT);
    const refusal = { kind: 'insufficient_funds', available } as const;
    const { sql, rows } = sentFor({
      newHolds: [{ ...PLACED, lock: null, state: 'refused', refusal }],
    });
    expect(sql).toMatchInlineSnapshot(`
      "INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, digest, reference, end_lock, policy_version, payout, key_id, recipient, price_eur, policy_detail, state, expires_at, submission_started_at, closed_at, captured, fee, venue_fee, venue, entry_id, reason, assigned_to, assigned_at, approval_grant, end_key, release_proof, available)
        SELECT withdrawal_id, account_id, asset, amount, decided_at, digest, reference, end_lock, policy_version, payout, key_id, recipient, price_eur, policy_detail, state, expires_at, submission_started_at, closed_at, captured, fee, venue_fee, venue, entry_id, reason, assigned_to, assigned_at, approval_grant, end_key, release_proof, available FROM json_to_recordset($1::json) AS k (withdrawal_id uuid, account_id uuid, asset text, amount numeric, decided_at timestamptz, digest text, reference text, end_lock text, policy_version integer, payout numeric, key_id text, recipient text, price_eur numeric, policy_detail jsonb, state text, expires_at timestamptz, submission_started_at timestamptz, closed_at timestamptz, captured numeric, fee numeric, venue_fee numeric, venue text, entry_id uuid, reason text, assigned_to text, assigned_at timestamptz, approval_grant text, end_key text, release_proof text, available numeric)"
    `);
    expect(rows).toMatchInlineSnapshot(`
      [
        {
          "account_id": "0193a000-0000-7000-8000-00000000000a",
          "amount": "123456789012345678.000001",
          "approval_grant": null,
          "asset": "USDT.ETH",
          "assigned_at": null,
          "assigned_to": "gateio",
          "available": "0.5",
          "captured": null,
          "closed_at": null,
          "decided_at": "2026-11-20T08:00:00.000Z",
          "digest": "d",
          "end_key": null,
          "end_lock": null,
          "entry_id": null,
          "expires_at": null,
          "fee": null,
          "key_id": null,
          "payout": "123456789012345678.000001",
          "policy_detail": null,
          "policy_version": 0,
          "price_eur": null,
          "reason": "insufficient_funds",
          "recipient": null,
          "reference": null,
          "release_proof": null,
          "state": "refused",
          "submission_started_at": null,
          "venue": null,
          "venue_fee": null,
          "withdrawal_id": "0193a000-0000-7000-8000-000000000001",
        },
      ]
    `);
  });

  it('changes open holds alone', () => {
    const { sql, rows } = sentFor({ changedHolds: [CAPTURED] });
    expect(sql).toMatchInlineSnapshot(`
      "UPDATE hold h SET state = k.state, expires_at = k.expires_at, submission_started_at = k.submission_started_at, closed_at = k.closed_at, captured = k.captured, fee = k.fee, venue_fee = k.venue_fee, venue = k.venue, entry_id = k.entry_id, reason = k.reason, assigned_to = k.assigned_to, assigned_at = k.assigned_at, approval_grant = k.approval_grant, end_key = k.end_key, release_proof = k.release_proof
        FROM json_to_recordset($1::json) AS k (withdrawal_id uuid, state text, expires_at timestamptz, submission_started_at timestamptz, closed_at timestamptz, captured numeric, fee numeric, venue_fee numeric, venue text, entry_id uuid, reason text, assigned_to text, assigned_at timestamptz, approval_grant text, end_key text, release_proof text)
       WHERE h.withdrawal_id = k.withdrawal_id AND h.state IN ('placed') RETURNING 1"
    `);
    expect(rows).toMatchInlineSnapshot(`
      [
        {
          "approval_grant": null,
          "assigned_at": null,
          "assigned_to": "gateio",
          "captured": "123456789012345677",
          "closed_at": "2026-11-20T08:00:00.000Z",
          "end_key": "f8424a9aa991b0c931866860277e80f9",
          "entry_id": "0193a000-0000-7000-8000-0000000000ee",
          "expires_at": null,
          "fee": "0.1",
          "reason": null,
          "release_proof": null,
          "state": "captured",
          "submission_started_at": null,
          "venue": "gateio",
          "venue_fee": "0.4",
          "withdrawal_id": "0193a000-0000-7000-8000-000000000001",
        },
      ]
    `);
  });

  it('reads holds, for the book and for operators', () => {
    expect(HOLD_ROW).toMatchInlineSnapshot(
      `"withdrawal_id AS "withdrawalId", account_id AS "accountId", asset, amount::text, decided_at AS "decidedAt", digest, reference, end_lock AS "lock", policy_version AS "policyVersion", payout::text, key_id AS "keyId", recipient, price_eur::text AS "priceEur", policy_detail AS "policyDetail", state, expires_at AS "expiresAt", submission_started_at AS "submissionStartedAt", closed_at AS "closedAt", captured::text, fee::text, venue_fee::text AS "venueFee", venue, entry_id AS "entryId", reason, assigned_to AS "assignedTo", assigned_at AS "assignedAt", approval_grant AS "grant", end_key AS "endKey", release_proof AS "releaseProof", available::text"`,
    );
    expect(selectedByName(SHOWN_HOLD)).toMatchInlineSnapshot(
      `"withdrawal_id, account_id, asset, amount::text, decided_at, state, expires_at, submission_started_at, closed_at, reason"`,
    );
  });

  it('lets the service change these columns alone', () => {
    expect(LEDGER_RIGHTS.tables['hold']).toMatchInlineSnapshot(
      `"SELECT, INSERT, UPDATE (state, expires_at, submission_started_at, closed_at, captured, fee, venue_fee, venue, entry_id, reason, assigned_to, assigned_at, approval_grant, end_key, release_proof)"`,
    );
  });
});
