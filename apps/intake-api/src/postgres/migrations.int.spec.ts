import { PLATFORM_MIGRATIONS } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { DataSource } from 'typeorm';
import { INTAKE_MIGRATIONS } from './migrations.js';

describe('migrations of a database in use', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await withTestPostgres();
  });
  afterAll(() => postgres.stop());

  /** The database as the first `count` migrations of this service leave it. */
  const open = async (url: string, count: number): Promise<DataSource> => {
    const database = new DataSource({
      type: 'postgres',
      url,
      migrations: [...PLATFORM_MIGRATIONS, ...INTAKE_MIGRATIONS.slice(0, count)],
      migrationsTransactionMode: 'each',
    });
    await database.initialize();
    await database.runMigrations();
    return database;
  };

  it('routing leaves withdrawals on their way with the venue that has them, and keeps inactive venues out', async () => {
    const url = await postgres.createDatabase('intake');
    const before = await open(url, 1);
    await before.query(
      `INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, state, sequence, requested_at, updated_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'ck_1', 'USDT', 'ETH', 6, '{}', 5, 1, 'gateio', 'submitting', 2, now(), now())`,
    );
    await before.query(`UPDATE route SET active = false WHERE currency = 'BTC'`);
    await before.destroy();

    const after = await open(url, INTAKE_MIGRATIONS.length);

    expect(
      await after.query('SELECT venue, pinned, tried, cancel_requested_at FROM withdrawal'),
    ).toEqual([{ venue: 'gateio', pinned: true, tried: [], cancel_requested_at: null }]);
    expect(
      await after.query(
        `SELECT currency, state, minimum, maximum FROM route WHERE currency IN ('BTC', 'ETH') AND venue = 'gateio' ORDER BY currency`,
      ),
    ).toEqual([
      { currency: 'BTC', state: 'paused', minimum: null, maximum: null },
      { currency: 'ETH', state: 'on', minimum: null, maximum: null },
    ]);
    await after.destroy();
  });

  it('terms of routes leave withdrawals on their way without a deadline, prices as they are, and give every venue an hour', async () => {
    const url = await postgres.createDatabase('intake');
    const before = await open(url, 3);
    await before.query(
      `INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, state, sequence, requested_at, updated_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'ck_1', 'USDT', 'ETH', 6, '{}', 5, 1, 'gateio', false, 'submitting', 2, now(), now())`,
    );
    await before.destroy();

    const after = await open(url, INTAKE_MIGRATIONS.length);

    expect(await after.query('SELECT fee::text, submit_within_ms FROM withdrawal')).toEqual([
      { fee: '1', submit_within_ms: null },
    ]);
    const terms = `SELECT currency, decimals, fee_percent, fee_flat, submit_within_ms FROM route WHERE venue = 'gateio' AND network = 'ETH' ORDER BY currency`;
    expect(await after.query(terms)).toEqual([
      {
        currency: 'ETH',
        decimals: 8,
        fee_percent: null,
        fee_flat: null,
        submit_within_ms: 3_600_000,
      },
      {
        currency: 'USDT',
        decimals: null,
        fee_percent: null,
        fee_flat: null,
        submit_within_ms: 3_600_000,
      },
    ]);
    await expect(after.query('UPDATE route SET submit_within_ms = 0')).rejects.toThrow(
      'submit_within_ms',
    );
    await after.destroy();
  });

  it('venues come behind those that a route has, in the order that an operator gave it, and accounts may withdraw euros too', async () => {
    const url = await postgres.createDatabase('venues');
    const before = await open(url, 4);
    await before.query(
      `INSERT INTO account (id, name) VALUES ('0193a000-0000-7000-8000-00000000000a', 'older')`,
    );
    await before.query(
      `INSERT INTO route (currency, network, position, venue, pays, state) VALUES ('BTC', 'BTC', 7, 'bybit', '{address}', 'paused')`,
    );
    await before.destroy();

    const after = await open(url, INTAKE_MIGRATIONS.length);

    const venues = `SELECT currency || '.' || network AS asset, string_agg(venue || ' ' || state || coalesce(' from ' || minimum, ''), ', ' ORDER BY position) AS venues
                      FROM route GROUP BY 1 ORDER BY 1`;
    expect(await after.query(venues)).toEqual([
      { asset: 'BNB.BSC', venues: 'wallet paused' },
      { asset: 'BTC.BTC', venues: 'gateio on, bybit paused, bitmart on' },
      {
        asset: 'ETH.ETH',
        venues: 'gateio on, bybit on from 0.002, bitmart on from 0.002, wallet paused',
      },
      { asset: 'EUR.SEPA', venues: 'upvest on' },
      { asset: 'USDT.BSC', venues: 'wallet paused' },
      {
        asset: 'USDT.ETH',
        venues: 'gateio on, bybit on from 10, bitmart on from 5, wallet paused',
      },
      { asset: 'USDT.TRX', venues: 'gateio on, bybit on, bitmart on from 5' },
    ]);
    expect(await after.query('SELECT currency, withdrawal_enabled FROM account_currency')).toEqual([
      { currency: 'EUR', withdrawal_enabled: true },
    ]);
    await after.destroy();
  });

  it('sealed keys revoke every key of before, for nothing can prove what its row says', async () => {
    const url = await postgres.createDatabase('keys');
    const before = await open(url, 9);
    await before.query(
      `WITH a AS (INSERT INTO account (id, name) VALUES (gen_random_uuid(), 'older') RETURNING id)
       INSERT INTO api_key (key_id, account_id, label, secret, permissions, rate_limit_per_min, allowed_ips) SELECT 'ck_1', id, 'x', '{}', '{}', 1, '{}' FROM a`,
    );
    await before.destroy();

    const after = await open(url, INTAKE_MIGRATIONS.length);

    expect(await after.query('SELECT revoked_at IS NOT NULL AS revoked FROM api_key')).toEqual([
      { revoked: true },
    ]);
    await after.destroy();
  });

  it('lets the database itself refuse a venue that was tried, a pinned withdrawal that moved on, and a refusal of no cancel request', async () => {
    const database = await open(
      await postgres.createDatabase('constraints'),
      INTAKE_MIGRATIONS.length,
    );
    const insert = (columns: string, values: string) =>
      database.query(
        `INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, state, sequence, requested_at, updated_at, ${columns})
         VALUES (gen_random_uuid(), gen_random_uuid(), 'ck_1', 'USDT', 'ETH', 6, '{}', 5, 1, 'gateio', 'submitting', 2, now(), now(), ${values})`,
      );
    await expect(insert('pinned, tried', `false, '{gateio}'`)).rejects.toThrow(
      'venue_is_tried_once',
    );
    await expect(insert('pinned, tried', `true, '{bybit}'`)).rejects.toThrow(
      'pinned_is_not_rerouted',
    );
    await expect(insert('pinned, cancel_refusal', `false, 'too late'`)).rejects.toThrow(
      'cancel_refused_once_requested',
    );
    await database.destroy();
  });
});
