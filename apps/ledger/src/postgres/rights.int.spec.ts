import { migrate, withPlatform } from '@sluice/postgres';
import {
  asOwner,
  asService,
  rightsFaults,
  TEST_LOGIN,
  withClient,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { LEDGER_SCHEMA } from './schema.js';

describe('the login of the ledger', () => {
  let postgres: TestPostgres;
  let url: string;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    url = await postgres.createDatabase('ledger');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: LEDGER_SCHEMA });
  });
  afterAll(() => postgres.stop());

  const run = (sql: string) =>
    withClient(asService(url), async (client) => (await client.query<object>(sql)).rows);

  it('may do what is declared, and nothing else to any table', async () => {
    expect(await rightsFaults(asService(url), withPlatform(LEDGER_SCHEMA).rights)).toEqual([]);
  });

  it('never changes a hold that has ended', async () => {
    await run(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, state, closed_at, reason)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'USDT.ETH', 5, now(), 'released', now(), 'absent')`,
    );
    for (const change of [`state = 'placed', closed_at = NULL, reason = NULL`, `reason = 'other'`])
      await expect(run(`UPDATE hold SET ${change}`)).rejects.toMatchObject({ code: '23514' });
    await expect(run('UPDATE hold SET amount = 6')).rejects.toMatchObject({ code: '42501' });
  });
});
