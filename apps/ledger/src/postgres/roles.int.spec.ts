import { randomBytes } from 'node:crypto';
import { ensureServiceDatabases, withTestPostgres, type TestPostgres } from '@sluice/stack';
import { proveBook } from '../chain/prove-book.js';
import { capture, entryOf, givenAccount, ledgerAt, place, release, reverse, venueFee, type TestLedger } from '../testkit/given-ledger.js';

const TABLES = ['journal_entry', 'posting', 'chain_link'];

/** As `npm start` gives it: a login role that is no superuser and owns its database. */
describe("the service's own role", () => {
  const name = `ledger_${randomBytes(4).toString('hex')}`;
  let postgres: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    await ensureServiceDatabases(postgres.url('postgres'), [{ name, password: 'secret' }]);
    const url = new URL(postgres.url(name));
    [url.username, url.password] = [name, 'secret'];
    ledger = await ledgerAt(url.href);
  });
  afterAll(async () => {
    await ledger.close();
    await postgres.stop();
  });

  it('does everything that the ledger does', async () => {
    const accountId = await givenAccount(ledger, '100');
    const [paid, failed] = [place(accountId, '60'), place(accountId, '10')];
    const decisions = await ledger.run(paid, failed, capture(paid, '50', '1'), venueFee(paid, '0.4'), release(failed));
    await ledger.run(reverse(accountId, entryOf(decisions[2])));

    expect(await ledger.balance(accountId)).toBe('0 of 100');
    expect(await proveBook(ledger.database, [])).toMatchObject({ proven: true, chain: { entries: 4 } });
  });

  it.each(
    TABLES.flatMap((table) => [
      [`UPDATE ${table} SET ${table === 'chain_link' ? 'shard = shard' : table === 'posting' ? 'amount = amount' : 'reason = reason'}`, table],
      [`DELETE FROM ${table}`, table],
      [`TRUNCATE ${table}`, table],
      [`SELECT FROM ${table} FOR UPDATE`, table],
    ]),
  )('may not %s', async (sql, table) => {
    await expect(ledger.database.query(sql)).rejects.toMatchObject({ code: '42501', message: `permission denied for table ${table}` });
  });

  it.each([
    [`MERGE INTO posting p USING posting q ON p.entry_id = q.entry_id AND p.line = q.line WHEN MATCHED THEN DELETE`, 'posting'],
    [`INSERT INTO journal_entry SELECT * FROM journal_entry ON CONFLICT (id) DO UPDATE SET reason = 'rewritten'`, 'journal_entry'],
    [`WITH gone AS (DELETE FROM posting RETURNING *) SELECT count(*) FROM gone`, 'posting'],
  ])('finds no way around by %s', async (sql, table) => {
    await expect(ledger.database.query(sql)).rejects.toMatchObject({ code: '42501', message: `permission denied for table ${table}` });
  });

  it('may not switch the triggers off for itself', async () => {
    await expect(ledger.database.query('SET session_replication_role = replica')).rejects.toMatchObject({ code: '42501' });
  });
});
