import { checkInvariants, Database, entityColumns, migrate, withPlatform } from '@sluice/postgres';
import { asOwner, asService, rightsFaults, TEST_LOGIN, testDatabase } from '@sluice/test-servers';
import { AUDITOR_ENTITIES } from './entities.js';
import { AUDITOR_SCHEMA } from './schema.js';

const FOLDER = new URL('./invariants/', import.meta.url);
const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
const WITHDRAWAL = '01934f6e-8a00-7014-85b4-1d2c3b4cc414';

describe('invariants', () => {
  let database: Database;
  let url: string;
  beforeAll(async () => {
    url = asService(await testDatabase('auditor'));
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    database = await Database.open({
      url,
      name: 'auditor',
      schema: AUDITOR_SCHEMA,
      entities: AUDITOR_ENTITIES,
    });
  });
  afterAll(() => database.close());

  const violations = async (): Promise<readonly string[]> =>
    (await checkInvariants(database, FOLDER)).violations.map(
      ({ invariant }) => invariant.split(':')[0] ?? '',
    );
  const pay = (reference: string) =>
    database.query(
      `INSERT INTO venue_payment (venue, venue_reference, form, currency, status, venue_status, created_at, last_seen_at, withdrawal_id)
       VALUES ('gateio', $1, 'chain', 'USDT', 'settled', 'DONE', now(), now(), $2)`,
      [reference, WITHDRAWAL],
    );

  it('are all that its login may break: it has the rights that are declared, and no other', async () => {
    expect(await rightsFaults(url, withPlatform(AUDITOR_SCHEMA).rights)).toEqual([]);
  });

  it('have entities with the columns of the tables', async () => {
    const { mapped, stored } = await entityColumns(database);

    expect(mapped).toEqual(stored);
  });

  it('hold for valid rows, and check the rows', async () => {
    await database.query(
      `INSERT INTO audited_withdrawal (withdrawal_id, account_id, asset, amount, placed_at, state, ended_seen_at, entry_id, debited)
       VALUES ($1, $2, 'USDT.ETH', 5, now(), 'captured', now(), 'e1', 5)`,
      [WITHDRAWAL, ACCOUNT],
    );
    await database.query(
      `INSERT INTO audited_account (account_id, asset, balance) VALUES ($1, 'USDT.ETH', 9)`,
      [ACCOUNT],
    );
    await pay('1');

    const { violations: none, populations } = await checkInvariants(database, FOLDER);

    expect(none).toEqual([]);
    expect(populations).toEqual({ accounts: 1, captures: 1, payments: 1 });
  });

  it('short-account-is-marked finds a negative balance without its mark', async () => {
    await database.query('UPDATE audited_account SET balance = -1');

    expect(await violations()).toEqual(['short-account-is-marked']);
    await database.query('UPDATE audited_account SET balance = 9');
  });

  it('held-is-open-holds finds a held amount that is not the sum, and an open hold that is not held', async () => {
    await database.query('UPDATE audited_account SET held = 1');
    expect(await violations()).toEqual(['held-is-open-holds']);

    await database.query('UPDATE audited_account SET held = 0');
    await database.query(
      `INSERT INTO audited_withdrawal (withdrawal_id, account_id, asset, amount, placed_at) VALUES (gen_random_uuid(), $1, 'USDT.ETH', 2, now())`,
      [ACCOUNT],
    );
    expect(await violations()).toEqual(['held-is-open-holds']);
    await database.query('UPDATE audited_account SET held = 2');
    expect(await violations()).toEqual([]);
  });

  it('entry-counts-once finds a capture that was also stored as a movement', async () => {
    await database.query(
      `INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind) VALUES ('e1', $1, 'USDT.ETH', -5, 'capture')`,
      [ACCOUNT],
    );

    expect(await violations()).toEqual(['entry-counts-once']);
  });

  it('one-payment-per-order finds a second payment assigned to an order', async () => {
    await pay('2');

    expect(await violations()).toEqual(['entry-counts-once', 'one-payment-per-order']);
  });
});
