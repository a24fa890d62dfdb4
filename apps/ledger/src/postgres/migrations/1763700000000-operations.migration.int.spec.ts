import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { Database } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { beginKeyedChains } from '../../proof/begin-keyed-chains.js';
import { SECRETS } from '../../testkit/test-secrets.js';
import { proveBook } from '../../proof/prove-book.js';
import { migratedTo } from '../../testkit/migrated-to.js';
import { LEDGER_MIGRATIONS } from '../migrations.js';
import { LedgerOperations1763700000000 } from './1763700000000-operations.migration.js';
import { LedgerTables1763600100000 } from './1763600100000-tables.migration.js';

const BEFORE = [LedgerTables1763600100000];

describe('the migration to more operations', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  it('keeps a populated book, goes back, and comes again', async () => {
    const url = await postgres.createDatabase('ledger');
    const old = await migratedTo(url, BEFORE);
    for (const sql of POPULATED) await old.query(sql);
    await old.destroy();

    const database = await migratedTo(url, [...BEFORE, LedgerOperations1763700000000]);
    await database.undoLastMigration();
    await database.runMigrations();
    await database.destroy();
    expect(await bookAt(url)).toMatchObject(SOUND);
  });

  it('and those after it keep it too, and the newest go back', async () => {
    const url = await postgres.createDatabase('ledger');
    const old = await migratedTo(url, BEFORE);
    for (const sql of POPULATED) await old.query(sql);
    await old.destroy();

    expect(await bookAt(url, { keyed: false })).toMatchObject({ book: SOUND.book });
    const database = await migratedTo(url, LEDGER_MIGRATIONS);
    for (let undone = 0; undone < 3; undone++) await database.undoLastMigration();
    const [whole] = await database.query<object[]>(
      'SELECT (SELECT count(*)::int FROM journal_entry) AS entries, (SELECT count(*)::int FROM posting) AS postings',
    );
    await database.destroy();

    expect(whole).toEqual({ entries: 2, postings: 5 });
    expect(await bookAt(url)).toMatchObject(SOUND);
  });

  /** Its chains are keyed, which nothing goes back behind, unless told otherwise. */
  async function bookAt(url: string, { keyed } = { keyed: true }) {
    await (await migratedTo(url, LEDGER_MIGRATIONS)).destroy();
    const database = await Database.open({ url, name: 'test' });
    if (keyed) await beginKeyedChains(database, SECRETS.keys);
    const proof = await proveBook(database, SECRETS);
    await database.close();
    return proof;
  }
});

const SOUND = {
  proven: true,
  chain: { entries: 2, divergence: null },
  book: {
    violations: [],
    populations: {
      accounts: 1,
      holds_placed: 1,
      holds_captured: 1,
      holds_released: 1,
      entries_funding: 1,
      entries_capture: 1,
      postings: 5,
    },
  },
};

const [ACCOUNT, FUNDING, CAPTURE, PAID] = [
  randomUUID(),
  randomUUIDv7(),
  randomUUIDv7(),
  randomUUIDv7(),
];
const POPULATED = [
  `INSERT INTO account VALUES ('${ACCOUNT}', 'demo', now())`,
  `INSERT INTO balance VALUES ('${ACCOUNT}', 'USDT.ETH', 89, 5)`,
  `INSERT INTO journal_entry VALUES ('${FUNDING}', 'funding', '${ACCOUNT}', NULL, 'r', now()), ('${CAPTURE}', 'capture', '${ACCOUNT}', '${PAID}', NULL, now())`,
  `INSERT INTO posting VALUES ('${FUNDING}', 1, 'customer:${ACCOUNT}', 'USDT.ETH', 100), ('${FUNDING}', 2, 'funding', 'USDT.ETH', -100),
    ('${CAPTURE}', 1, 'customer:${ACCOUNT}', 'USDT.ETH', -11), ('${CAPTURE}', 2, 'clearing:gateio', 'USDT.ETH', 10), ('${CAPTURE}', 3, 'fee-income', 'USDT.ETH', 1)`,
  `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at) VALUES (gen_random_uuid(), '${ACCOUNT}', 'USDT.ETH', 5, 'placed', now())`,
  `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, closed_at, captured, fee, venue, entry_id)
    VALUES ('${PAID}', '${ACCOUNT}', 'USDT.ETH', 12, 'captured', now(), now(), 10, 1, 'gateio', '${CAPTURE}')`,
  `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, closed_at, reason)
    VALUES (gen_random_uuid(), '${ACCOUNT}', 'USDT.ETH', 5, 'released', now(), now(), 'absent')`,
];
