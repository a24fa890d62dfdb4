import type { PaymentRow } from './store-reading.js';
import { StoredPayments } from './stored-payments.js';

const AT = new Date('2026-11-26T12:00:00Z');
const payment = (change: Partial<PaymentRow> = {}): PaymentRow => ({
  venue: 'a',
  venue_reference: 'v1',
  form: 'chain',
  client_reference: 'c1',
  currency: 'USDT',
  network: 'ETH',
  destination: 'x',
  net: '5',
  gross: '6',
  venue_fee: '1',
  equality_key: 'USDT 5 x',
  unlisted_key: null,
  status: 'settled',
  venue_status: 'DONE',
  tx_hash: null,
  created_at: AT,
  ...change,
});

describe('the payments of a record', () => {
  const stored: string[][] = [];
  const continuity = { generation: 0 };
  let isAway = false;
  const query = (sql: string, [rows]: readonly unknown[] = []): Promise<object> => {
    if (isAway) return Promise.reject(new Error('away'));
    if (sql.includes('ON CONFLICT'))
      stored.push(
        (JSON.parse(String(rows)) as PaymentRow[]).map(({ venue_reference: one }) => one),
      );
    return Promise.resolve({ rows: [] });
  };
  const withClient = (work: (client: object) => Promise<unknown>) => work({ query });
  const given = () => new StoredPayments({ withClient, continuity } as never);
  beforeEach(() => {
    stored.splice(0);
    continuity.generation = 0;
    isAway = false;
  });

  it('are stored once while they are read again unchanged, with the new ones of the page', async () => {
    const payments = given();
    await payments.store([payment()], AT);
    await payments.store([payment()], AT);
    await payments.store([payment(), payment({ venue_reference: 'v2' })], AT);

    expect(stored).toEqual([['v1'], ['v2']]);
  });

  it.each<[string, Partial<PaymentRow>]>([
    ['amount', { net: '4' }],
    ['state', { status: 'failed' }],
    ['recipient', { destination: 'y', equality_key: 'USDT 5 y' }],
    ['reference', { client_reference: 'c2' }],
  ])('are stored again with another %s, and then with the first one', async (_what, change) => {
    const payments = given();
    for (const one of [payment(), payment(change), payment()]) await payments.store([one], AT);

    expect(stored).toHaveLength(3);
  });

  it.each<[string, Partial<PaymentRow>]>([
    ['without a final state', { status: 'pending' }],
    ['without a readable amount', { net: null, equality_key: null }],
  ])('%s are stored at each reading', async (_what, change) => {
    const payments = given();
    await payments.store([payment(change)], AT);
    await payments.store([payment(change)], AT);

    expect(stored).toHaveLength(2);
  });

  it('are stored again after a deep reading began, a database lost rows, or a store failed', async () => {
    const payments = given();
    await payments.store([payment()], AT);
    payments.forget();
    await payments.store([payment()], AT);
    continuity.generation++;
    await payments.store([payment()], AT);
    const other = payment({ venue_reference: 'v2' });
    isAway = true;
    await expect(payments.store([other], AT)).rejects.toThrow('away');
    isAway = false;
    await payments.store([other], AT);

    expect(stored).toEqual([['v1'], ['v1'], ['v1'], ['v2']]);
  });

  it('are stored again before their record leaves the overlap of two readings', async () => {
    let nowMs = 0;
    const payments = new StoredPayments({ withClient, continuity } as never, () => nowMs);
    for (; nowMs <= 120_000; nowMs += 20_000) await payments.store([payment()], AT);

    expect(stored).toHaveLength(2);
  });
});
