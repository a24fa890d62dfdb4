import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { Database, maintainPartitions, migrate, sweep } from '@sluice/postgres';
import { ensureServiceDatabases, withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { VENUE_A } from '@sluice/test-kit';
import { proveBook } from '../proof/prove-book.controller.js';
import {
  capture,
  entryOf,
  givenAccount,
  ledgerOn,
  place,
  PROOF_SECRETS,
  release,
  reverse,
  reverseFee,
  venueFee,
  withVenueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { chainShardOf } from '../hash-chain/chain-digest.js';
import { LEDGER_SCHEMA } from './schema.js';

const TABLES = ['journal_entry', 'entry_key', 'checkpoint_seal', 'money_order'];
const COLUMN: Readonly<Record<string, string>> = {
  journal_entry: 'reason',
  entry_key: 'reason',
  checkpoint_seal: 'key_id',
  money_order: 'evidence',
};

/** As `npm start` gives them: two logins, none a superuser. */
describe("the service's own login beside the owner of its tables", () => {
  const name = `ledger_${randomBytes(4).toString('hex')}`;
  let postgres: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    const owner = { name: `${name}_owner`, password: 'other' };
    await ensureServiceDatabases(postgres.url('postgres'), [{ name, password: 'secret', owner }]);
    const ownerUrl = urlAs(owner.name, owner.password);
    await migrate({ url: ownerUrl, login: name, schema: LEDGER_SCHEMA });
    ledger = await ledgerOn(
      postgres.url(name),
      await Database.open({ url: urlAs(name, 'secret'), name: 'service', schema: LEDGER_SCHEMA }),
    );
  });
  afterAll(async () => {
    await ledger.close();
    await postgres.stop();
  });

  function urlAs(role: string, password: string): string {
    const url = new URL(postgres.url(name));
    [url.username, url.password] = [role, password];
    return url.href;
  }

  it('does everything that the ledger does', async () => {
    const accountId = await givenAccount(ledger, '100');
    const [paid, failed] = [place(accountId, '60'), place(accountId, '10')];
    const decisions = await ledger.run(
      paid,
      failed,
      withVenueFee(capture(paid, '50', '1'), '0.4'),
      release(failed),
    );
    const captured = entryOf(decisions[2]);
    await ledger.run(reverse(accountId, captured), reverseFee(accountId, captured));
    await ledger.run(venueFee(paid, '0.5', VENUE_A, 'corrected'));

    expect(await ledger.balance(accountId)).toBe('0 of 100');
    expect(await proveBook(ledger.service, PROOF_SECRETS)).toMatchObject({
      proven: true,
      chain: { entries: 5, divergence: null },
    });
  });

  it('cannot make money that the proof believes', async () => {
    const accountId = await givenAccount(ledger, '100');
    const [shard, entry] = [chainShardOf(accountId), randomUUIDv7()];
    await ledger.unitOfWork.run(async (tx) => {
      await tx.query(
        `WITH forged AS (UPDATE chain_head SET sequence = sequence + 1, hash = sha256(hash) WHERE shard = $3 RETURNING *)
         INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)
         SELECT $1, 'funding', $2::uuid, 'forged', date_trunc('milliseconds', now()), ARRAY['customer:' || $2::uuid, 'funding'], '{USDT.ETH,USDT.ETH}', '{1000,-1000}',
                f.shard, f.sequence, (SELECT max(key_id) FROM journal_entry), f.hash FROM forged f`,
        [entry, accountId, shard],
      );
      await tx.query(
        `INSERT INTO entry_key VALUES ('funding', $2::uuid, 'forged', $1::uuid, $2::uuid, 'USDT.ETH', 1000, 'customer:' || $2::uuid, 'funding')`,
        [entry, accountId],
      );
      await tx.query('UPDATE balance SET posted = posted + 1000 WHERE account_id = $1', [
        accountId,
      ]);
    });

    const { proven, chain, book } = await proveBook(ledger.database, PROOF_SECRETS);

    expect(proven).toBe(false);
    expect(chain.divergence).toMatchObject({ kind: 'entry_changed', shard, entries: [entry] });
    expect(
      book.violations
        .map(({ invariant }) => invariant.split(':')[0])
        .filter((invariant) => invariant !== 'outbox-drains'),
    ).toEqual(['each-movement-has-its-order']);
  });

  it('removes what is over', async () => {
    for (let call = 0; call < 2; call++) {
      await ledger.database.query(
        `UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`,
      );
      const swept = await sweep(ledger.service, { days: 30 });
      expect(swept).toEqual(
        call === 0 ? {} : { hold: 0, signed_order: 0, order_case: 0, dead_letter: 0 },
      );
    }
  });

  it.each(
    TABLES.flatMap((table) => [
      [`UPDATE ${table} SET ${COLUMN[table]} = ${COLUMN[table]}`, table],
      [`DELETE FROM ${table}`, table],
      [`TRUNCATE ${table}`, table],
      [`SELECT FROM ${table} FOR UPDATE`, table],
    ]),
  )('may not %s', async (sql, table) => {
    await expect(ledger.service.query(sql)).rejects.toMatchObject({
      code: '42501',
      message: `permission denied for table ${table}`,
    });
  });

  it.each([
    [
      `MERGE INTO journal_entry p USING journal_entry q ON p.id = q.id WHEN MATCHED THEN DELETE`,
      'journal_entry',
    ],
    [
      `INSERT INTO journal_entry SELECT * FROM journal_entry ON CONFLICT (id) DO UPDATE SET reason = 'rewritten'`,
      'journal_entry',
    ],
    [
      `WITH gone AS (DELETE FROM journal_entry RETURNING *) SELECT count(*) FROM gone`,
      'journal_entry',
    ],
  ])('finds no way around by %s', async (sql, table) => {
    await expect(ledger.service.query(sql)).rejects.toMatchObject({
      code: '42501',
      message: `permission denied for table ${table}`,
    });
  });

  it('may not switch the triggers off for itself', async () => {
    await expect(
      ledger.service.query('SET session_replication_role = replica'),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ...TABLES.flatMap((table) => [
      `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
      `ALTER TABLE ${table} DISABLE TRIGGER journal_only_grows`,
      `ALTER TABLE ${table} ADD COLUMN more text`,
      `ALTER TABLE ${table} OWNER TO CURRENT_USER`,
      `ALTER TABLE ${table} RENAME TO other`,
      `DROP TABLE ${table} CASCADE`,
      `DROP TRIGGER journal_only_grows ON ${table}`,
      `CREATE TRIGGER mine BEFORE INSERT ON ${table} EXECUTE FUNCTION journal_only_grows()`,
      `CREATE RULE mine AS ON INSERT TO ${table} DO INSTEAD NOTHING`,
      `CREATE INDEX ON ${table} (${COLUMN[table]})`,
    ]),
    'ALTER TABLE journal_entry DETACH PARTITION journal_entry_default',
    'ALTER TABLE journal_entry DETACH PARTITION journal_entry_default CONCURRENTLY',
    'INSERT INTO journal_entry_default SELECT * FROM journal_entry',
    'DELETE FROM journal_entry_default',
    'DROP TABLE inbox_default',
    `SELECT create_partitions('journal_entry', now(), now())`,
    `UPDATE partitioned_table SET keep = '0'`,
    `INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, seal) VALUES ('mine', 'id', 'uuid', 'day', 1, '{DROP TABLE journal_entry}')`,
    'CREATE OR REPLACE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE sql AS $$SELECT NULL$$',
    'CREATE TABLE mine (id int)',
    'CREATE SCHEMA mine',
  ])('may not %s', async (sql) => {
    await expect(ledger.service.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('makes and drops partitions by the functions that know when, and detaches none that is not proven', async () => {
    expect(await maintainPartitions(ledger.service)).toEqual({ made: [], dropped: [] });
    await expect(ledger.service.query(`SELECT detach_journal('2026-01-01Z')`)).rejects.toThrow(
      'nothing is proven',
    );
  });

  it('gains nothing from a grant to itself', async () => {
    await ledger.service
      .query('GRANT UPDATE, DELETE ON journal_entry, entry_key TO CURRENT_USER')
      .catch(() => undefined);

    const [rights] = await ledger.service.query<{ may: boolean }>(
      `SELECT bool_or(has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE, TRIGGER, MAINTAIN')) AS may FROM unnest($1::text[]) AS t`,
      [TABLES],
    );
    expect(rights?.may).toBe(false);
  });
});
