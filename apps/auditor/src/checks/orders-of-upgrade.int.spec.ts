import { randomUUID } from 'node:crypto';
import { Database, migrate, rowsJson } from '@sluice/postgres';
import {
  asOwner,
  asService,
  TEST_LOGIN,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { orderFacts, STORE_ORDERS } from '../facts/order-facts.js';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import { KEEP_PAYMENTS } from '../venues/payment-sql.js';
import {
  SET_ASIDE_OF_UPGRADE,
  setAsideOrdersOfUpgrade,
  type Upgrade,
} from './orders-of-upgrade.js';

const UNPROVEN_MS = 900_000;
const KEY = 'USDT 5 address:0x1:';

describe('an upgrade from a release without proofs', () => {
  let postgres: TestPostgres;
  let owner: Database;
  let service: Database;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    const url = await postgres.createDatabase('auditor');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    owner = await Database.open({ url, name: 'owner' });
    service = await Database.open({ url: asService(url), name: 'auditor' });
    await provenSince(60);
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  const provenSince = (seconds: number) =>
    owner.query(
      `UPDATE audit_progress SET started_at = now() - interval '1 hour', requests_proven_from = now() - $1 * interval '1 second'`,
      [seconds],
    );

  const anOrder = (key = KEY, reference: string | null = null) => ({
    withdrawal_id: randomUUID(),
    venue: 'a',
    asset: 'USDT.ETH',
    amount: '5',
    destination: 'd',
    equality_key: key,
    client_reference: reference,
    ordered_at: new Date(),
  });
  type Order = ReturnType<typeof anOrder>;

  async function paid(
    keys: { venue?: string; key?: string | undefined; unlisted?: string; reference?: string } = {},
  ) {
    const row = {
      venue: keys.venue ?? 'a',
      venue_reference: randomUUID(),
      form: 'chain',
      client_reference: keys.reference ?? null,
      currency: 'USDT',
      net: '5',
      equality_key: keys.key ?? KEY,
      unlisted_key: keys.unlisted ?? null,
      status: 'settled',
      venue_status: 'x',
      created_at: new Date(),
    };
    await service.query(KEEP_PAYMENTS, [rowsJson([row]), new Date()]);
    return row.venue_reference;
  }

  /** Returns the payments that still need an order. */
  async function waiting(...orders: readonly Order[]): Promise<readonly string[]> {
    await service.query(SET_ASIDE_OF_UPGRADE, [rowsJson(orders), UNPROVEN_MS]);
    const rows = await service.query<{ reference: string }>(
      `SELECT venue_reference AS reference FROM venue_payment WHERE flagged_at IS NULL ORDER BY id`,
    );
    return rows.map(({ reference }) => reference);
  }

  it('sets aside one payment for each order, however often the order is read', async () => {
    const order = anOrder();
    await paid();
    const second = await paid();

    expect(await waiting(order, order)).toEqual([second]);
    expect(await waiting(order)).toEqual([second]);
  });

  it('sets aside a payment whose venue lists no recipient', async () => {
    await paid({ key: 'USDT 5 address:0x2:', unlisted: KEY });

    expect(await waiting(anOrder())).toEqual([]);
    // the order may be published again, with a proof: the comparison finds the payment by this key
    expect(await service.query('SELECT equality_key FROM venue_payment')).toEqual([
      { equality_key: KEY },
    ]);
  });

  it('sets aside a payment with our reference only for the order with this reference', async () => {
    const other = await paid({ reference: 'r2' });
    await paid({ reference: 'r1' });

    expect(await waiting(anOrder(KEY, 'r1'))).toEqual([other]);
  });

  it('keeps a payment that no order explains, and the payment of another amount', async () => {
    const payment = await paid();

    expect(await waiting()).toEqual([payment]);
    expect(await waiting(anOrder('USDT 6 address:0x1:'))).toEqual([payment]);
  });

  it('leaves the payments of proven orders to the comparison', async () => {
    const order = anOrder();
    await service.query(STORE_ORDERS, [rowsJson([order])]);
    const payment = await paid();

    expect(await waiting(order)).toEqual([payment]);
  });

  it('reads the orders of each venue with such a payment from its topic', async () => {
    const address = '0x1111111111111111111111111111111111111111';
    const data = {
      withdrawalId: randomUUID(),
      asset: 'USDT.ETH',
      amount: '5',
      destination: { type: 'address', address },
    };
    const type = 'venue.submit-withdrawal.v1';
    const command = { type, time: new Date().toISOString(), data } as never;
    await paid({ venue: 'gateio', key: orderFacts('gateio', [command])[0]?.equality_key });
    const other = await paid({ venue: 'bybit' });
    const read: string[] = [];
    let headers: Record<string, string> = { 'sluice-mac-auditor': 'of an order not stored yet' };
    const readNewest: Upgrade['readNewest'] = ({ name }, _most, isWanted) => {
      read.push(name);
      return Promise.resolve(name.includes('gateio') && isWanted?.({ headers }) ? [command] : []);
    };
    const setAside = () =>
      setAsideOrdersOfUpgrade({ database: service, readNewest, unprovenMs: UNPROVEN_MS });

    await setAside();
    expect(await waiting()).toContain(other);
    expect(await waiting()).toHaveLength(2);

    headers = {};
    read.length = 0;
    await setAside();
    expect(read.sort()).toEqual(['venue.bybit.commands', 'venue.gateio.commands']);
    expect(await waiting()).toEqual([other]);
  });

  it('sets nothing aside once instances without proofs may run no longer', async () => {
    await provenSince(UNPROVEN_MS / 1_000 + 1);
    const payment = await paid();

    expect(await waiting(anOrder())).toEqual([payment]);
  });
});
