import { testDatabase } from '@sluice/test-servers';
import { PUBLIC_VIEW, type State } from '@sluice/withdrawal-core';
import { givenApi, type TestApi } from '../../testkit/given-api.js';
import { givenAccount } from '../../testkit/given-intake.js';
import { LIST_ENDED, sow, type Sown } from '../../testkit/given-terms.js';
import { pageSql, type ListFilter } from './page-sql.js';
import { statesOf } from './list-withdrawals.js';

const STATES = Object.keys(PUBLIC_VIEW) as State[];
const VENUES = ['gateio', 'bybit', 'bitmart'];
const ASSETS = ['USDT.ETH', 'USDT.TRX', 'BTC.BTC'];
const MINUTE = 60_000;

interface Listed {
  readonly id: number;
  readonly status: string;
  readonly stage: string;
  readonly requested_at: string;
}

describe('lists of withdrawals', () => {
  let api: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  let other: { keyId: string; secret: string };
  let sown: (Sown & { readonly number: number })[];
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    const accounts = [await givenAccount(api.database), await givenAccount(api.database)] as const;
    accountId = accounts[0];
    const permissions = ['read_withdrawal_status', 'list_transactions'] as const;
    key = await api.createKey(accounts[0], permissions);
    other = await api.createKey(accounts[1], permissions);
    const rows = [
      ...assorted(accounts[0], key.keyId, 300),
      ...assorted(accounts[1], other.keyId, 30),
    ];
    const numbers = await sow(api.database, rows);
    sown = rows.map((row, index) => ({ ...row, number: numbers[index] ?? 0 }));
    // As recovery leaves it: what was looked at is listed where it is still open, the youngest were not looked at.
    const scannedTo = sown[200]?.number ?? 0;
    await api.database.query(
      `INSERT INTO open_withdrawal (id) SELECT id FROM withdrawal WHERE number <= $1 AND state NOT IN ('rejected', 'completed', 'failed', 'cancelled')`,
      [scannedTo],
    );
    await api.database.query('UPDATE recovery SET scanned_to = $1, scan_next_to = $1', [scannedTo]);
  });
  afterAll(() => api.close());

  /** Of each asset, venue and state some, and one of a rare venue; the oldest first, a second between two. */
  function assorted(one: string, keyId: string, count: number): Sown[] {
    return Array.from({ length: count }, (_, index): Sown => {
      const [currency = '', network = ''] = (ASSETS[index % ASSETS.length] ?? '').split('.');
      const isRare = index === 17;
      const state = isRare ? 'cancelled' : (STATES[(index * 5) % STATES.length] ?? 'requested');
      return {
        accountId: one,
        keyId,
        state,
        currency,
        network,
        venue: isRare ? 'upvest' : (VENUES[(index >> 2) % VENUES.length] ?? ''),
        reference: index % 5 === 0 && state !== 'rejected' ? `order-${index}` : undefined,
        shared: index % 2 === 0,
        agoMs: (400 - index) * 1_000,
      };
    });
  }

  const get = (target: string, as = key) => api.send({ target, key: as });
  /** All pages of a list, one after the other. */
  async function walk(
    path: string,
    query: string,
    limit: number,
    { as = key, from = '' }: { as?: typeof key; from?: string } = {},
  ): Promise<Listed[]> {
    const found: Listed[] = [];
    for (let cursor = from; ;) {
      const answer = await get(`${path}?${query}&limit=${limit}${cursor}`, as);
      expect([answer.status, answer.body.message]).toEqual([200, 'OK']);
      const { data, data_count, next_cursor, has_more } = JSON.parse(answer.text);
      expect(data_count).toBe(data.length);
      expect(data.length <= limit && (!has_more || data.length === limit)).toBe(true);
      found.push(...data);
      expect(has_more).toBe(next_cursor !== null);
      if (!has_more) return found;
      expect(next_cursor).toBe(data.at(-1).id);
      cursor = `&cursor=${next_cursor}`;
    }
  }
  const wanted = (keep: (row: Sown & { number: number }) => boolean): number[] =>
    sown
      .filter((row) => row.accountId === accountId && row.state !== 'rejected' && keep(row))
      .map(({ number }) => number)
      .sort((a, b) => b - a);

  const CASES: [string, (row: Sown) => boolean][] = [
    ['', () => true],
    ...['pending', 'broadcasted', 'confirmed', 'failed', 'cancelled'].map(
      (status): [string, (row: Sown) => boolean] => [
        `status=${status}`,
        (row) => PUBLIC_VIEW[row.state].status === status,
      ],
    ),
    ...[...new Set(Object.values(PUBLIC_VIEW).map(({ stage }) => stage))]
      .filter((stage) => stage !== 'rejected')
      .map((stage): [string, (row: Sown) => boolean] => [
        `stage=${stage}`,
        (row) => PUBLIC_VIEW[row.state].stage === stage,
      ]),
    ['venue=bybit', (row) => row.venue === 'bybit'],
    ['venue=upvest', (row) => row.venue === 'upvest'],
    ['venue=nobody', () => false],
    ['currency=usdt', (row) => row.currency === 'USDT'],
    ['network=Trx', (row) => row.network === 'TRX'],
    ['currency=USDT&network=ETH', (row) => row.currency === 'USDT' && row.network === 'ETH'],
    [
      'currency=USDT&venue=bitmart&status=failed',
      (row) => row.currency === 'USDT' && row.venue === 'bitmart' && row.state === 'failed',
    ],
    [
      'status=pending&stage=awaiting_venue&network=BTC',
      (row) => row.state === 'submitting' && row.network === 'BTC',
    ],
    ['status=failed&stage=awaiting_venue', () => false],
    ['client_reference=order-10', (row) => row.reference === 'order-10'],
    ['client_reference=order-10&venue=nobody', () => false],
    [
      'status=CONFIRMED&venue=ByBit',
      (row) => PUBLIC_VIEW[row.state].status === 'confirmed' && row.venue === 'bybit',
    ],
  ];

  it.each(CASES)('/v1/withdrawals?%s finds what a look at every row finds', async (query, keep) => {
    for (const limit of [7, 200])
      expect((await walk('/v1/withdrawals', query, limit)).map(({ id }) => id)).toEqual(
        wanted(keep),
      );
  });

  it.each(CASES.filter(([query]) => !/stage|venue|reference/.test(query)))(
    '/v1/transactions?%s finds the same',
    async (query, keep) => {
      const found = await walk('/v1/transactions', query, 7);
      expect(found.map(({ id }) => id)).toEqual(wanted(keep));
    },
  );

  it('keeps to a time range, the second that answers show included at its beginning', async () => {
    const shown = await walk('/v1/withdrawals', 'status=confirmed', 200);
    const times = shown.map((row) => row.requested_at);
    const [since, before] = [times.at(-4) ?? '', times[2] ?? ''];
    const inside = shown.filter(
      (_, index) => (times[index] ?? '') >= since && (times[index] ?? '') < before,
    );
    expect(inside.length).toBeGreaterThan(3);

    for (const form of [since, encodeURIComponent(since), since.replace('+00:00', 'Z')]) {
      const query = `status=confirmed&requested_since=${form}&requested_before=${before}`;
      const found = await walk('/v1/withdrawals', query, 5);
      expect(found.map(({ id }) => id)).toEqual(inside.map(({ id }) => id));
    }
  });

  it('shows nothing of another account, whatever is asked for', async () => {
    const mine = new Set(
      sown.filter((row) => row.accountId === accountId).map((row) => row.number),
    );
    for (const query of ['', 'status=pending', 'venue=bybit', 'client_reference=order-10'])
      for (const { id } of await walk('/v1/withdrawals', query, 50, { as: other }))
        expect(mine.has(id)).toBe(false);
  });

  it('pages on where it was while others are added: none is missed, none comes twice', async () => {
    const before = wanted(() => true);
    const first = await get('/v1/withdrawals?limit=50');
    const cursor = JSON.parse(first.text).next_cursor as number;
    const more = assorted(accountId, key.keyId, 25);
    const added = await sow(
      api.database,
      more.map((row) => ({ ...row, reference: undefined, agoMs: 0 })),
    );

    const rest = await walk('/v1/withdrawals', '', 50, { from: `&cursor=${cursor}` });

    expect(rest.map(({ id }) => id)).toEqual(before.slice(50));
    await api.database.query('DELETE FROM withdrawal WHERE number = ANY ($1::bigint[])', [added]);
    expect((await walk('/v1/withdrawals', '', 200)).map(({ id }) => id)).toEqual(before);
  });

  it('of the directions of the contract only withdrawals are ours', async () => {
    expect((await get('/v1/transactions?direction=withdrawal&limit=1')).body.data).toHaveLength(1);
    for (const direction of ['deposit', 'sweep', 'gas_topup'])
      expect(JSON.parse((await get(`/v1/transactions?direction=${direction}`)).text)).toEqual({
        success: true,
        message: 'OK',
        data: [],
        data_count: 0,
        next_cursor: null,
        has_more: false,
      });
  });

  it('a transaction has the fields of the contract', async () => {
    const { text } = await get('/v1/transactions?status=confirmed&limit=1');
    expect(JSON.parse(text).data).toEqual([
      {
        id: expect.any(Number),
        tx_hash: null,
        direction: 'withdrawal',
        status: 'confirmed',
        currency: expect.any(String),
        network: expect.any(String),
        from_address: null,
        to_address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
        amount_decimal: '5.000000',
        confirmations: null,
        block_number: null,
        created_at: expect.stringMatching(/^.{19}\+00:00$/),
        confirmed_at: null,
      },
    ]);
  });

  const CHOICES = 'pending, broadcasted, confirmed, failed, cancelled';
  it.each([
    ['limit=0', 'limit: Input should be a whole number from 1 to 200'],
    ['limit=201', 'limit: Input should be a whole number from 1 to 200'],
    ['limit=x', 'limit: Input should be a whole number from 1 to 200'],
    ['cursor=-1', 'cursor: Input should be a valid integer'],
    ['cursor=1.5', 'cursor: Input should be a valid integer'],
    [`cursor=${'9'.repeat(17)}`, 'cursor: Input should be a valid integer'],
    ['status=done', `status: Input should be one of ${CHOICES}`],
    ['status=', `status: Input should be one of ${CHOICES}`],
    ['status=failed&status=pending', `status: Input should be one of ${CHOICES}`],
    [`currency=${'x'.repeat(33)}`, 'currency: String should have at most 32 characters'],
    ['network=%00', 'network: String should contain valid characters only'],
  ])('both refuse %s', async (query, message) => {
    for (const path of ['/v1/withdrawals', '/v1/transactions'])
      expect(await get(`${path}?${query}`)).toMatchObject({
        status: 422,
        body: { success: false, message },
      });
  });

  it.each([
    ['/v1/withdrawals?stage=rejected', 'stage: Input should be one of '],
    ['/v1/withdrawals?requested_since=yesterday', 'requested_since: Input should be a UTC time'],
    ['/v1/withdrawals?requested_before=2026-13-01T00:00:00Z', 'requested_before: Input should be'],
    [`/v1/withdrawals?client_reference=${'x'.repeat(129)}`, 'client_reference: String should have'],
    ['/v1/withdrawals?client_reference=', 'client_reference: String should have at least 1'],
    ['/v1/withdrawals?currency=&venue=', 'currency: String should have at least 1'],
    ['/v1/withdrawals?clientReference=x', 'did you mean client_reference?'],
    ['/v1/withdrawals?client_referense=x', 'did you mean client_reference?'],
    ['/v1/transactions?currancy=USDT', 'did you mean currency?'],
    ['/v1/transactions?direction=up', 'direction: Input should be one of deposit, withdrawal'],
  ])('%s is refused', async (target, message) => {
    expect(await get(target)).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining(message) },
    });
  });

  it('reads no more of a long history for what is rare, old or not there', async () => {
    const long = await givenAccount(api.database);
    await api.database.query(LONG_HISTORY, [long]);
    await api.database.query(LIST_ENDED);
    await api.database.query('VACUUM (ANALYZE) withdrawal, ended_withdrawal, open_withdrawal');
    const middle = await middleOf(long);
    const filters: Omit<ListFilter, 'accountId' | 'states'>[] = [
      {},
      { venue: 'upvest' },
      { venue: 'nobody' },
      { currency: 'BTC', venue: 'bybit' },
      { network: 'TRX' },
      { currency: 'USDT', network: 'TRX', venue: 'gateio' },
      { clientReference: 'order-1' },
      { since: new Date(Date.now() - 30 * MINUTE), before: new Date(Date.now() - 29 * MINUTE) },
    ];
    const tooMany: object[] = [];
    for (const filter of filters)
      for (const status of [undefined, 'failed', 'cancelled', 'pending', 'confirmed'] as const)
        for (const below of [undefined, middle]) {
          const states = statesOf(status);
          const blocks = await blocksOf({ ...filter, below, accountId: long, states });
          if (blocks > MOST_BLOCKS) tooMany.push({ ...filter, status, below, blocks });
        }
    expect(tooMany).toEqual([]);
  });

  async function middleOf(long: string): Promise<string> {
    const [row] = await api.database.query<{ number: string }>(
      'SELECT number::text FROM withdrawal WHERE account_id = $1 ORDER BY withdrawal.number OFFSET 5000 LIMIT 1',
      [long],
    );
    return row?.number ?? '';
  }

  /** How many blocks of the database the statement looks at. */
  async function blocksOf(filter: ListFilter): Promise<number> {
    const { numbersSql, params } = pageSql(filter, 51);
    const [plan] = await api.database.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT number FROM withdrawal WHERE number = ANY (ARRAY(${numbersSql}))`,
      params,
    );
    const whole = plan?.['QUERY PLAN'][0].Plan ?? {};
    return (whole['Shared Hit Blocks'] ?? 0) + (whole['Shared Read Blocks'] ?? 0);
  }
});

/** The rows alone are some 3,000 blocks. */
const MOST_BLOCKS = 1_200;

/** 40,000 over ten hours: each 5,000th cancelled, by a rare venue; each 1,000th failed. None is open but the last ten. */
const LONG_HISTORY = `
  INSERT INTO withdrawal (id, number, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
  SELECT uuidv7(at - clock_timestamp()), (extract(epoch FROM at - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + n % 2048, $1, 'ck_1',
         CASE WHEN n % 4 = 0 THEN 'BTC' ELSE 'USDT' END, CASE n % 4 WHEN 0 THEN 'BTC' WHEN 1 THEN 'TRX' ELSE 'ETH' END, 6, '{"type":"address","address":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"}',
         5, 1, CASE WHEN n % 5000 = 0 THEN 'upvest' WHEN n % 3 = 0 THEN 'bybit' ELSE 'gateio' END, false, 'd', 's', 'v', '', false, '[]',
         CASE WHEN n > 39990 THEN 'submitted' WHEN n % 5000 = 0 THEN 'cancelled' WHEN n % 1000 = 1 THEN 'failed' WHEN n % 2 = 0 THEN 'rejected' ELSE 'completed' END, 2, at, at
    FROM generate_series(1, 40000) AS n, LATERAL (SELECT date_trunc('milliseconds', clock_timestamp()) - (40000 - n) * interval '0.9 seconds' AS at) AS t`;
