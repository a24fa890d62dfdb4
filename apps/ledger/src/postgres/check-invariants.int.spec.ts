import { connectorOf } from '@sluice/messages';
import { signProof } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import {
  capture,
  entryOf,
  expire,
  freeze,
  givenAccount,
  givenLedger,
  place,
  returnOf,
  placeUntil,
  release,
  reverse,
  reverseFee,
  transfer,
  venueFee,
  withVenueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { gas, gasTopUp, walletFunding } from '../testkit/gas-scenarios.js';
import { aCustomer, addSigner, bodyOf, orderOf } from '../testkit/signed-order.js';
import { foldSharedSums } from '../house-accounts/shared-balances.js';
import { letPostingsChange } from '../testkit/writable-postings.js';
import { checkInvariants, type InvariantReport } from './check-invariants.js';

/** A hold of the moment in which the first signer came is let pass. */
const LATER = `UPDATE hold SET decided_at = decided_at + interval '1 minute' WHERE digest IS NOT NULL`;

/** Each breaks one thing that constraints and triggers would refuse, so they are switched off first. */
const PLANTED: readonly (readonly [found: string, sql: string])[] = [
  [
    'each-entry-balances whole-book-balances posted-is-sum-of-postings each-capture-entry-matches-its-hold',
    `UPDATE posting SET amount = amount - 1 WHERE account LIKE 'customer:%' AND entry_id = (SELECT entry_id FROM hold WHERE state = 'captured' AND venue_fee IS NULL)`,
  ],
  [
    'each-entry-balances each-capture-entry-matches-its-hold',
    `UPDATE posting SET entry_id = (SELECT id FROM journal_entry WHERE kind = 'venue_fee' AND reference IS NULL), line = 9 WHERE account = 'fee-income'`,
  ],
  [
    'whole-book-balances each-entry-balances',
    `INSERT INTO posting SELECT id, 9, 'suspense', 'USDT.ETH', 1 FROM journal_entry WHERE kind = 'funding'`,
  ],
  [
    'each-posting-is-in-the-chart each-capture-entry-matches-its-hold',
    `UPDATE posting SET account = 'petty-cash' WHERE account = 'fee-income'`,
  ],
  [
    'each-posting-is-in-the-chart posted-is-sum-of-postings',
    `UPDATE posting SET account = 'customer:nobody' WHERE account LIKE 'customer:%' AND amount > 0`,
  ],
  [
    'each-entry-has-two-lines',
    `INSERT INTO journal_entry SELECT uuidv7(), 'funding', account_id, NULL, 'empty', now() FROM balance LIMIT 1`,
  ],
  [
    'each-entry-has-two-lines',
    `INSERT INTO posting SELECT id, 9, 'suspense', 'USDT.ETH', 0 FROM journal_entry WHERE kind = 'funding'`,
  ],
  ['posted-is-sum-of-postings', 'UPDATE balance SET posted = posted + 1'],
  [
    'posted-is-sum-of-postings held-is-sum-of-placed-holds each-posting-is-in-the-chart',
    'DELETE FROM balance',
  ],
  ['held-is-sum-of-placed-holds', 'UPDATE balance SET held = held + 1'],
  ['held-is-sum-of-placed-holds', `UPDATE hold SET amount = amount + 1 WHERE state = 'placed'`],
  [
    'held-is-between-zero-and-posted held-is-sum-of-placed-holds',
    'UPDATE balance SET held = posted + 1',
  ],
  ['held-is-between-zero-and-posted held-is-sum-of-placed-holds', 'UPDATE balance SET held = -1'],
  [
    'each-business-key-is-used-once each-entry-has-two-lines',
    `INSERT INTO journal_entry SELECT uuidv7(), kind, account_id, withdrawal_id, reference, now() FROM journal_entry WHERE kind = 'capture'`,
  ],
  [
    'each-business-key-is-used-once each-entry-has-two-lines',
    `INSERT INTO journal_entry SELECT uuidv7(), kind, account_id, withdrawal_id, reference, now() FROM journal_entry WHERE kind = 'funding'`,
  ],
  [
    'one-hold-per-withdrawal held-is-sum-of-placed-holds',
    `INSERT INTO hold SELECT * FROM hold WHERE state = 'placed'`,
  ],
  [
    'no-entry-outside-the-partitions each-entry-has-two-lines',
    `INSERT INTO journal_entry SELECT 'ff000000-0000-7000-8000-000000000000', 'funding', account_id, NULL, 'far', now() FROM balance LIMIT 1`,
  ],
  [
    'each-business-key-is-used-once',
    `UPDATE entry_key SET amount = amount + 1 WHERE kind = 'venue_fee'`,
  ],
  ['each-business-key-is-used-once', `DELETE FROM entry_key WHERE kind = 'reversal'`],
  ['each-captured-hold-has-its-entry', `DELETE FROM journal_entry WHERE kind = 'capture'`],
  [
    'each-capture-entry-matches-its-hold',
    `UPDATE hold SET captured = captured - 1, fee = fee + 1 WHERE state = 'captured'`,
  ],
  [
    'each-capture-entry-matches-its-hold',
    `UPDATE hold SET venue = 'bybit' WHERE state = 'captured'`,
  ],
  [
    'each-capture-entry-matches-its-hold',
    `UPDATE hold SET venue_fee = venue_fee + 1 WHERE venue_fee IS NOT NULL`,
  ],
  [
    'each-capture-entry-matches-its-hold',
    `UPDATE hold SET venue_fee = NULL WHERE venue_fee IS NOT NULL`,
  ],
  [
    'each-capture-entry-matches-its-hold only-captured-holds-have-entries',
    `DELETE FROM hold WHERE state = 'captured'`,
  ],
  [
    'only-captured-holds-have-entries each-capture-entry-matches-its-hold',
    `UPDATE hold SET state = 'released' WHERE state = 'captured'`,
  ],
  [
    'only-captured-holds-have-entries each-capture-entry-matches-its-hold',
    `UPDATE journal_entry SET withdrawal_id = (SELECT withdrawal_id FROM hold WHERE state = 'released') WHERE kind = 'capture'`,
  ],
  [
    'each-posting-is-in-the-chart',
    `UPDATE posting p SET account = 'customer:' || b.account_id FROM balance b WHERE p.account LIKE 'customer:%' AND p.account <> 'customer:' || b.account_id`,
  ],
  [
    'each-business-key-is-used-once each-entry-has-two-lines',
    `INSERT INTO journal_entry SELECT uuidv7(), kind, account_id, withdrawal_id, reference, now(), reverses, reason FROM journal_entry WHERE kind = 'reversal'`,
  ],
  ['frozen-while-a-freeze-is-in-force', 'UPDATE account SET frozen = NOT frozen'],
  [
    'frozen-while-a-freeze-is-in-force',
    'UPDATE account_freeze SET lifted_at = now() WHERE lifted_at IS NULL',
  ],
  [
    'each-reversal-posts-the-opposite whole-book-balances',
    `UPDATE posting SET amount = amount + 1 WHERE entry_id = (SELECT id FROM journal_entry WHERE kind = 'reversal' AND withdrawal_id IS NULL) AND line = 1`,
  ],
  [
    'each-reversal-posts-the-opposite',
    `DELETE FROM posting WHERE entry_id = (SELECT id FROM journal_entry WHERE kind = 'reversal' AND withdrawal_id IS NULL)`,
  ],
  [
    'each-reversal-posts-the-opposite',
    `UPDATE journal_entry SET reverses = gen_random_uuid() WHERE kind = 'reversal'`,
  ],
  [
    'no-hold-expires-after-its-submission-started',
    `UPDATE hold SET submission_started_at = now() WHERE state = 'expired'`,
  ],
  [
    'no-hold-expires-after-its-submission-started',
    `UPDATE hold SET expires_at = now() WHERE state = 'captured'`,
  ],
  [
    'shared-account-is-sum-of-its-postings shared-day-is-sum-of-its-minutes shared-day-is-sum-of-its-postings',
    'UPDATE shared_day SET sum = sum + 1',
  ],
  [
    'shared-account-is-sum-of-its-postings shared-day-is-sum-of-its-postings',
    'UPDATE shared_position p SET sequence = h.sequence FROM chain_head h WHERE h.shard = p.shard AND h.sequence > p.sequence',
  ],
  [
    'shared-account-is-sum-of-its-postings shared-day-is-sum-of-its-postings',
    'UPDATE shared_position p SET sequence = sequence - 1 WHERE sequence > 1',
  ],
  ['shared-day-is-sum-of-its-minutes', 'DELETE FROM shared_minute'],
  [
    'shared-day-is-sum-of-its-minutes shared-day-is-sum-of-its-postings',
    `UPDATE shared_day SET day = day - 2 WHERE by = 'effective'`,
  ],
  [
    'shared-day-is-sum-of-its-postings',
    `WITH moved AS (UPDATE shared_day SET day = day - 2 WHERE by = 'recorded') UPDATE shared_minute SET minute = minute - interval '48 hours' WHERE by = 'recorded'`,
  ],
  [
    'one-venue-fee-stands-per-withdrawal',
    `INSERT INTO entry_key SELECT kind, subject, 'another', uuidv7(), account_id, asset, amount, from_account, to_account FROM entry_key WHERE reference = 'corrected'`,
  ],
  [
    'each-return-matches-its-capture each-entry-balances',
    `UPDATE posting SET amount = amount + 30 WHERE account LIKE 'customer:%' AND entry_id IN (SELECT id FROM journal_entry WHERE kind = 'return')`,
  ],
  [
    'each-return-matches-its-capture',
    `UPDATE posting SET account = 'clearing:bybit' WHERE account = 'clearing:gateio' AND entry_id IN (SELECT id FROM journal_entry WHERE kind = 'return')`,
  ],
  [
    'each-return-matches-its-capture',
    `INSERT INTO entry_key SELECT 'reversal', entry_id, '', uuidv7(), account_id, asset, -captured, 'customer:' || account_id, 'clearing:gateio', 'r' FROM hold WHERE state = 'captured'`,
  ],
  [
    'one-venue-fee-stands-per-withdrawal',
    `DELETE FROM entry_key WHERE kind = 'reversal' AND subject IN (SELECT entry_id FROM entry_key WHERE kind = 'venue_fee')`,
  ],
  [
    'one-venue-fee-stands-per-withdrawal',
    `DELETE FROM entry_key WHERE kind = 'reversal' AND reference = 'venue_fee'`,
  ],
  [
    'one-venue-fee-stands-per-withdrawal each-business-key-is-used-once',
    `UPDATE entry_key SET reference = '' WHERE kind = 'reversal' AND reference = 'venue_fee'`,
  ],
  [
    'each-reversal-posts-the-opposite',
    `UPDATE journal_entry SET reference = NULL WHERE kind = 'reversal' AND reference = 'venue_fee'`,
  ],
  [
    'each-reversal-posts-the-opposite',
    `UPDATE journal_entry SET reference = 'venue_fee' WHERE kind = 'reversal' AND reference IS NULL`,
  ],
  [
    'each-reversal-posts-the-opposite',
    `INSERT INTO posting SELECT id, 9, 'suspense', 'USDT.ETH', 1 FROM journal_entry WHERE kind = 'reversal'`,
  ],
  ['each-movement-has-its-order', `DELETE FROM money_order WHERE evidence <> ''`],
  [
    'each-movement-has-its-order each-entry-has-two-lines',
    `INSERT INTO journal_entry SELECT uuidv7(), 'funding', account_id, NULL, 'by nobody', now() FROM balance LIMIT 1`,
  ],
  [
    'each-gas-entry-is-between-its-accounts',
    `UPDATE journal_entry SET account_id = (SELECT account_id FROM balance LIMIT 1) WHERE kind = 'gas'`,
  ],
  [
    'each-gas-entry-is-between-its-accounts',
    `UPDATE posting SET account = 'clearing:gateio' WHERE account = 'gas-tank:ETH'`,
  ],
  [
    'each-gas-entry-is-between-its-accounts',
    `UPDATE posting SET account = 'gas:BSC' WHERE account = 'gas:ETH'`,
  ],
  [
    'each-gas-entry-is-between-its-accounts',
    `UPDATE posting SET amount = -amount WHERE entry_id = (SELECT id FROM journal_entry WHERE kind = 'gas')`,
  ],
  [
    'each-wallet-funding-is-between-its-accounts',
    `UPDATE journal_entry SET account_id = (SELECT account_id FROM balance LIMIT 1) WHERE kind = 'wallet_funding'`,
  ],
  [
    'each-wallet-funding-is-between-its-accounts',
    `UPDATE posting SET account = 'suspense' WHERE account = 'funding' AND entry_id = (SELECT id FROM journal_entry WHERE kind = 'wallet_funding')`,
  ],
  [
    'each-wallet-funding-is-between-its-accounts',
    `UPDATE posting SET amount = -amount WHERE entry_id = (SELECT id FROM journal_entry WHERE kind = 'wallet_funding')`,
  ],
  [
    'each-hold-of-an-account-with-signers-is-signed',
    `WITH gone AS (DELETE FROM signed_order) ${LATER}`,
  ],
  [
    'each-hold-of-an-account-with-signers-is-signed',
    `WITH moved AS (UPDATE signed_order SET account_id = gen_random_uuid()) ${LATER}`,
  ],
  [
    'policy-counters-are-sums-of-holds',
    `INSERT INTO policy_counter (meter, key, bucket, used) VALUES ('m', 'k', now(), 1)`,
  ],
  [
    'policy-counters-are-sums-of-holds',
    `INSERT INTO policy_meter (id, per, unit, period, prices) VALUES ('m', '{account}', 'payments', 'lifetime', '{}')`,
  ],
  [
    'outbox-drains',
    `INSERT INTO outbox (keys, messages, created_at) VALUES ('{}', '[]', now() - interval '31 seconds')`,
  ],
];

describe('invariants', () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await givenLedger();
    const accountId = await givenAccount(ledger, '100');
    const [paid, failed] = [orderedAt('gateio', accountId), place(accountId, '10')];
    await ledger.run(paid, failed, place(accountId, '5'), place(accountId, '500'));
    const past = placeUntil('2026-11-20T08:00:00.000Z', accountId, '1');
    await ledger.run(past, expire(past), placeUntil('2999-01-01T00:00:00.000Z', accountId, '1'));
    const [, wrong] = await ledger.run(
      capture(paid, '15', '1'),
      venueFee(paid, '0.6'),
      release(failed),
    );
    await ledger.run(returned(paid, '3'));
    await ledger.run(
      reverse(accountId, entryOf(wrong)),
      venueFee(paid, '0.5', 'gateio', 'corrected'),
    );
    const fed = orderedAt('gateio', accountId);
    const [, paidWithFee] = await ledger.run(fed, withVenueFee(capture(fed, '18'), '0.6'));
    await ledger.run(
      returned(fed, '3'),
      reverseFee(accountId, entryOf(paidWithFee)),
      venueFee(fed, '0.5', 'gateio', 'corrected'),
    );
    const [moved] = await ledger.run(transfer(accountId, 'clearing:gateio', 'hot-wallet:ETH', '7'));
    await ledger.run(reverse(accountId, entryOf(moved)), freeze(await givenAccount(ledger, '3')));
    await ledger.run(gas('0xa', '0.01'), gasTopUp('0xb', '1'), walletFunding('0xc', '9'));
    await foldSharedSums(ledger.service);
    await ledger.run(
      transfer(accountId, 'clearing:gateio', 'hot-wallet:ETH', '1', 'not folded yet'),
    );
    const [signing, customer] = [await givenAccount(ledger, '100'), aCustomer()];
    await addSigner(ledger, signing, customer);
    await ledger.run(orderOf(signing, customer.sign(bodyOf())));
    await switchConstraintsOff(ledger);
    await letPostingsChange(ledger.database);
  });
  afterAll(() => ledger.close());

  it('all hold on a sound book, and each kind of row was there to be looked at', async () => {
    const report = await checkInvariants((sql, params) => ledger.database.query(sql, params));

    expect(report).toMatchObject({ checked: 27, violations: [] });
    expect(Object.entries(report.populations).filter(([, rows]) => rows === 0)).toEqual([]);
  });

  it.each(PLANTED)('%s: %s', async (found, sql) => {
    const report = await reportAfter(sql);

    const names = report.violations.map(({ invariant }) => invariant.split(':')[0]);
    expect(names).toEqual(expect.arrayContaining(found.split(' ')));
    expect(report.violations[0]?.rows.length).toBeGreaterThan(0);
  });

  it('has a planted violation for each', async () => {
    const { checked } = await checkInvariants((sql, params) => ledger.database.query(sql, params));

    expect(new Set(PLANTED.flatMap(([found]) => found.split(' '))).size).toBe(checked);
  });

  /** In a transaction that is rolled back: the next one finds a sound book again. */
  async function reportAfter(planted: string): Promise<InvariantReport> {
    return ledger.database.withClient(async (client) => {
      await client.query('BEGIN');
      try {
        await client.query('SET LOCAL session_replication_role = replica');
        const { rowCount } = await client.query(planted);
        expect(rowCount).toBeGreaterThan(0);
        return await checkInvariants(
          async <R extends object>(sql: string, params: readonly unknown[] = []) =>
            (await client.query<R>(sql, [...params])).rows,
        );
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }
});

const DIGEST = 'a1'.repeat(32);

function orderedAt(venue: string, accountId: string) {
  const { type, data } = place(accountId, '20');
  return { type, data: { ...data, digest: DIGEST, venue } };
}

function returned({ data }: ReturnType<typeof orderedAt>, amount: string) {
  const { withdrawalId, venue } = data;
  const keys = testMessageKeys(connectorOf(venue)).with('ledger');
  const proof = signProof(keys, { says: 'returned', withdrawalId, digest: DIGEST, venue, amount });
  return returnOf({ data }, amount, { venue, proof });
}

/** Triggers and references yield to `session_replication_role`; CHECKs and unique keys have to go, in this database alone. */
async function switchConstraintsOff({ database }: TestLedger): Promise<void> {
  const checks = await database.query<{ sql: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) AS sql
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text IN ('balance', 'hold', 'journal_entry', 'account_freeze')
        AND contype IN ('c', 'f', 'p') AND NOT (contype = 'p' AND conrelid IN ('balance'::regclass, 'journal_entry'::regclass))`,
  );
  for (const { sql } of checks) await database.query(sql);
  const once = await database.query<{ index: string }>(
    `SELECT indexrelid::regclass::text AS index FROM pg_index WHERE indexrelid::regclass::text LIKE 'journal_entry%withdrawal_id_kind_reverses_reference_idx'`,
  );
  for (const { index } of once) await database.query(`DROP INDEX ${index}`);
}
