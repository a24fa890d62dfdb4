import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestInstance } from '../testkit/given-intake.js';
import { givenIntake } from '../testkit/given-saga.js';
import { givenFlatFees } from '../testkit/given-terms.js';
import { CatalogueStore } from './catalogue-store.js';

describe('CatalogueStore', () => {
  let intake: TestInstance;
  let accountId: string;
  let store: CatalogueStore;
  beforeEach(async () => {
    ({ intake, accountId } = await givenIntake());
    store = new CatalogueStore(intake.service, { ceilings: { USDT: { call: '900000' } } });
  });
  afterEach(() => intake.close());

  const change = async (sql: string, params: readonly unknown[] = []) => {
    await intake.database.query(sql, params);
    store.clear();
    return store.forAccount(accountId);
  };

  it('knows the first entries: terms as exact text, venues in order, addresses of the chain', async () => {
    const catalogue = await store.forAccount(accountId);
    expect(catalogue.terms('BTC', 'BTC')).toMatchObject({
      enabled: true,
      decimals: 8,
      minimum: '0.001',
      flat: '0.00005',
      percent: '0.1',
      venues: [
        {
          name: 'gateio',
          pays: ['address', 'venue_account'],
          state: 'on',
          minimum: null,
          maximum: '10', // the ceiling: none of its own
          decimals: null,
          feePercent: null,
          feeFlat: null,
          submitWithinMs: 3_600_000,
        },
      ],
    });
    expect([
      catalogue.hasNetwork('TRX'),
      catalogue.hasNetwork('MOON'),
      catalogue.hasCurrency('USDT'),
      catalogue.hasCurrency('DOGE'),
    ]).toEqual([true, false, true, false]);
    expect(catalogue.terms('USDT', 'BTC')).toBeNull();
    expect([
      catalogue.isAddress('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'TRX'),
      catalogue.isAddress('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'ETH'),
      catalogue.isAddress('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'MOON'),
    ]).toEqual([true, false, false]);
  });

  it.each([
    ['the contract of its own token', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'TRX', true],
    ['the contract of its own token', '0xdAC17F958D2ee523a2206206994597C13D831ec7', 'ETH', true],
    ['that contract in other letters', '0xdac17f958d2ee523a2206206994597c13d831ec7', 'ETH', true],
    ['a place to burn money', '0x000000000000000000000000000000000000dEaD', 'ETH', true],
    ['somebody’s address', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'ETH', false],
    ['anything on a network that is not there', 'x', 'MOON', false],
  ])('knows whether what is sent is lost: %s', async (_what, address, network, lost) => {
    expect((await store.forAccount(accountId)).isLost(address, network)).toBe(lost);
  });

  it('lets no venue take more than is ever sent by one call, as it is built in or set lower', async () => {
    const maximumOf = async (maximum: string | null) => {
      const catalogue = await change('UPDATE route SET maximum = $1', [maximum]);
      return ['USDT', 'BTC'].map(
        (currency) =>
          catalogue.terms(currency, currency === 'BTC' ? 'BTC' : 'ETH')?.venues[0]?.maximum,
      );
    };

    expect(await maximumOf(null)).toEqual(['900000', '10']);
    expect(await maximumOf('900000.5')).toEqual(['900000', '10']);
    expect(await maximumOf('9.5')).toEqual(['9.5', '9.5']);
  });

  it('lets the account’s own terms come before the currency’s, one by one', async () => {
    const own = `UPDATE account_currency SET withdrawal_fee_flat = 0, withdrawal_fee_percent = 0.000000000000000001 WHERE account_id = $1 AND currency = 'BTC'`;
    expect((await change(own, [accountId])).terms('BTC', 'BTC')).toMatchObject({
      minimum: '0.001',
      flat: '0',
      percent: '0.000000000000000001',
    });
  });

  it('lets the account’s own price come before that of a venue, and a venue’s before the currency’s, one by one', async () => {
    await change(`UPDATE route SET fee_percent = 0.3, fee_flat = 0.0002 WHERE currency = 'BTC'`);
    const catalogue = await change(
      `UPDATE account_currency SET withdrawal_fee_percent = 0.05 WHERE account_id = $1 AND currency = 'BTC'`,
      [accountId],
    );
    expect(catalogue.terms('BTC', 'BTC')?.venues).toMatchObject([
      { feePercent: '0.05', feeFlat: '0.0002' },
    ]);
    expect((await store.forAccount(randomUUID())).terms('BTC', 'BTC')?.venues).toMatchObject([
      { feePercent: '0.3', feeFlat: '0.0002' },
    ]);
  });

  it('knows how many decimals a venue pays', async () => {
    expect((await store.forAccount(accountId)).terms('ETH', 'ETH')).toMatchObject({
      decimals: 18,
      venues: [{ name: 'gateio', decimals: 8 }],
    });
  });

  it('enables nothing for an account without terms, or with the switch off', async () => {
    expect((await store.forAccount(randomUUID())).terms('BTC', 'BTC')).toMatchObject({
      enabled: false,
    });
    const off = await change(
      `UPDATE account_currency SET withdrawal_enabled = false WHERE account_id = $1 AND network = 'TRX'`,
      [accountId],
    );
    expect([off.terms('USDT', 'TRX')?.enabled, off.terms('USDT', 'ETH')?.enabled]).toEqual([
      false,
      true,
    ]);
  });

  it('does not know what is inactive', async () => {
    expect(
      (await change(`UPDATE network SET active = false WHERE code = 'BTC'`)).hasNetwork('BTC'),
    ).toBe(false);
    expect(
      (await change(`UPDATE currency SET active = false WHERE currency = 'ETH'`)).hasCurrency(
        'ETH',
      ),
    ).toBe(false);
    expect(
      (await change(`DELETE FROM route WHERE network = 'TRX'`)).terms('USDT', 'TRX')?.venues,
    ).toEqual([]);
  });

  it('lists venues by their position', async () => {
    const more = `INSERT INTO route VALUES ('BTC', 'BTC', 0, 'bybit', '{address}'), ('BTC', 'BTC', 2, 'bitmart', '{address}')`;
    expect((await change(more)).terms('BTC', 'BTC')?.venues.map(({ name }) => name)).toEqual([
      'bybit',
      'gateio',
      'bitmart',
    ]);
  });

  it('prices by the version in force at the database’s clock, of those that begin together by the newest', async () => {
    const flat = async () => (await store.forAccount(accountId)).terms('USDT', 'TRX')?.flat;
    expect(await flat()).toBe('1');
    await givenFlatFees(
      intake.database,
      { flat: '7', inMs: 500 },
      { flat: '8', inMs: 3_600_000 },
      { flat: '9', inMs: 500 },
    );
    store.clear();

    const seen = new Set<string | undefined>();
    while (!seen.has('9')) {
      seen.add(await flat());
      await sleep(20);
    }

    expect([...seen].filter((fee) => fee !== '1')).toEqual(['9']);
    expect(await store.decimals('USDT', 'TRX')).toBe(6);
  });

  it('opens a currency to accounts that nothing was said about where its terms say so', async () => {
    const sql = `INSERT INTO currency_terms (currency, network, version, effective_at, requested_by, approved_by, name, decimals, active, open_to_all, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
      VALUES ('BTC', 'BTC', 1, now(), 'ada', 'peter', 'Bitcoin', 8, true, true, 1, 1, 1)`;
    await change(sql);
    expect((await store.forAccount(randomUUID())).terms('BTC', 'BTC')?.enabled).toBe(true);
  });

  it('lets no venue pay what has no ceiling', async () => {
    await change(
      `INSERT INTO currency (currency, network, name, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
       VALUES ('DOGE', 'ETH', 'Doge', 8, 1, 1, 1)`,
    );
    const routed = await change(
      `INSERT INTO route (currency, network, position, venue, pays) VALUES ('DOGE', 'ETH', 1, 'gateio', '{address}')`,
    );
    expect(routed.terms('DOGE', 'ETH')?.venues).toMatchObject([{ maximum: '0' }]);
  });

  it('keeps terms until it is cleared', async () => {
    const before = await store.forAccount(accountId);
    await intake.database.query(`UPDATE network SET active = false WHERE code = 'BTC'`);
    expect(await store.forAccount(accountId)).toBe(before);
    store.clear();
    expect((await store.forAccount(accountId)).hasNetwork('BTC')).toBe(false);
  });
});
