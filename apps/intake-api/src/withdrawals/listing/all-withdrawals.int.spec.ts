import type { WithdrawalListQuery, WithdrawalRowDto } from '@sluice/http-api';
import { recipientDigest } from '@sluice/messages';
import { testDatabase } from '@sluice/test-servers';
import { PUBLIC_VIEW, type State } from '@sluice/withdrawal-core';
import { givenApi, type TestApi } from '../../testkit/given-api.js';
import { givenAccount } from '../../testkit/given-intake.js';
import { LIST_ENDED, sow, type Sown } from '../../testkit/given-terms.js';
import { AllWithdrawals } from './all-withdrawals.js';

const STATES = Object.keys(PUBLIC_VIEW) as State[];
const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OPEN = `state NOT IN ('rejected', 'completed', 'returned', 'failed', 'cancelled')`;

interface Answered {
  readonly data: readonly WithdrawalRowDto[];
  readonly data_count: number;
  readonly next_cursor: string | null;
}

describe('the operators’ list of withdrawals', () => {
  let api: TestApi;
  let accounts: readonly [string, string];
  let sown: (Sown & { readonly number: string })[];
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    accounts = [await givenAccount(api.database), await givenAccount(api.database)];
    const rows = Array.from({ length: 240 }, (_, index): Sown => {
      const [currency = '', network = ''] =
        [
          ['USDT', 'ETH'],
          ['USDT', 'TRX'],
          ['BTC', 'BTC'],
        ][index % 3] ?? [];
      return {
        accountId: accounts[index % 2] ?? '',
        keyId: `ck_${index % 2}`,
        state: STATES[(index * 5) % STATES.length] ?? 'requested',
        currency,
        network,
        venue: ['gateio', 'bybit', 'bitmart'][(index >> 2) % 3] ?? '',
        reference: index % 6 === 0 ? `order-${index}` : undefined,
        shared: true,
        agoMs: (400 - index) * 1_000,
      };
    });
    const numbers = await sow(api.database, rows);
    sown = rows.map((row, index) => ({ ...row, number: String(numbers[index]) }));
    const scannedTo = sown[150]?.number;
    await api.database.query(
      `INSERT INTO open_withdrawal (id) SELECT id FROM withdrawal WHERE number <= $1 AND ${OPEN}`,
      [scannedTo],
    );
    await api.database.query('UPDATE recovery SET scanned_to = $1, scan_next_to = $1', [scannedTo]);
    await api.database.query(
      `UPDATE withdrawal SET recipient = decode($1, 'hex'), tx_hash = '0xAb' || number, venue_reference = 'v-' || number`,
      [recipientDigest({ type: 'address', address: ADDRESS.toLowerCase() })],
    );
  });
  afterAll(() => api.close());

  const get = async (query: string) => {
    const answer = await api.send({ target: `/internal/withdrawals?${query}` });
    expect([answer.status, answer.body.message]).toEqual([200, 'OK']);
    return JSON.parse(answer.text) as Answered;
  };
  /** All pages of a list, one after the other. */
  async function walk(query: string, limit: number, from = ''): Promise<string[]> {
    const found: string[] = [];
    for (let cursor = from; ;) {
      const {
        data,
        data_count: count,
        next_cursor: next,
      } = await get(`${query}&limit=${limit}${cursor}`);
      expect([count, data.length <= limit]).toEqual([data.length, true]);
      found.push(...data.map(({ number }) => number));
      if (next === null) return found;
      cursor = `&cursor=${next}`;
    }
  }
  const wanted = (keep: (row: Sown & { number: string }) => boolean): string[] =>
    sown
      .filter(keep)
      .map(({ number }) => number)
      .toSorted((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1));

  const CASES: [string, (row: Sown) => boolean][] = [
    ['', () => true],
    ...STATES.map((state): [string, (row: Sown) => boolean] => [
      `state=${state}`,
      (row) => row.state === state,
    ]),
    ['state=failed,UNCERTAIN', ({ state }) => ['failed', 'uncertain'].includes(state)],
    ['state=failed&state=rejected', ({ state }) => ['failed', 'rejected'].includes(state)],
    ['venue=ByBit', ({ venue, state }) => venue === 'bybit' && state !== 'rejected'],
    ['currency=usdt', ({ currency, state }) => currency === 'USDT' && state !== 'rejected'],
    ['network=trx', ({ network, state }) => network === 'TRX' && state !== 'rejected'],
    [
      'currency=USDT&network=ETH&venue=gateio&state=completed',
      (row) => row.network === 'ETH' && row.venue === 'gateio' && row.state === 'completed',
    ],
    [
      'state=rejected&venue=gateio',
      ({ venue, state }) => venue === 'gateio' && state === 'rejected',
    ],
    ['client_reference=order-12', ({ reference }) => reference === 'order-12'],
    ['client_reference=order-12&venue=nobody', () => false],
    ['venue=nobody', () => false],
    [`q=${ADDRESS.toLowerCase()}`, () => true],
    [`q=${ADDRESS}&state=failed`, ({ state }) => state === 'failed'],
    ['q=order-18', ({ reference }) => reference === 'order-18'],
    ['q=nothing', () => false],
  ];

  it.each(CASES)(
    '?%s finds what a look at every row finds, of all and of one account',
    async (query, keep) => {
      for (const limit of [7, 200]) expect(await walk(query, limit)).toEqual(wanted(keep));

      const [account] = accounts;
      expect(await walk(`${query}&account_id=${account}`, 7)).toEqual(
        wanted((row) => row.accountId === account && keep(row)),
      );
    },
  );

  it('finds a withdrawal by each of its names', async () => {
    const row = (await get('limit=3')).data[2];
    const names = [
      row?.number,
      row?.id,
      `0xAb${row?.number}`,
      `0xab${row?.number}`,
      `v-${row?.number}`,
    ];
    for (const name of names) expect((await get(`q=${name}`)).data).toEqual([row]);
  });

  it('keeps to a time range', async () => {
    const times = (await get('state=completed&limit=200')).data.map((row) => row.requested_at);
    const [since = '', before = ''] = [times.at(-3), times[1]];
    for (const filter of ['', '&state=completed', '&state=rejected', '&venue=gateio']) {
      const all = (await get(`limit=200${filter}`)).data;
      const inside = all.filter((one) => one.requested_at >= since && one.requested_at < before);
      expect(inside.length).toBeGreaterThan(0);
      const query = `requested_since=${since}&requested_before=${before}${filter}`;
      expect(await walk(query, 5)).toEqual(inside.map(({ number }) => number));
    }
  });

  it('finds references and recipients by a scan where there are very many accounts', async () => {
    const accountOf = `INSERT INTO account SELECT (jsonb_populate_record(a, jsonb_build_object('id', uuidv7()))).* FROM account a, generate_series(1, 20000) WHERE a.id = $1 RETURNING id`;
    const [account] = accounts;
    const added = await api.database.query<{ id: string }>(accountOf, [account]);
    const all = new AllWithdrawals(api.database);

    const [byReference, byText, byAddress] = await Promise.all([
      all.list({ client_reference: 'order-18' }),
      all.list({ q: 'order-18' }),
      all.list({ q: ADDRESS, limit: 200 }),
    ]);

    const numbers = (page: typeof byText) => page.items.map(({ number }) => number);
    expect(numbers(byText)).toEqual(wanted(({ reference }) => reference === 'order-18'));
    expect(numbers(byReference)).toEqual(numbers(byText));
    expect(numbers(byAddress)).toEqual(wanted(() => true).slice(0, 200));
    await api.database.query('DELETE FROM account WHERE id = ANY ($1::uuid[])', [
      added.map(({ id }) => id),
    ]);
  });

  it('pages on where it was while others are added: none is missed, none comes twice', async () => {
    const before = wanted(() => true);
    const first = await get('limit=50');
    const [row] = sown;
    if (!row) throw new Error('nothing was sown');
    const added = await sow(
      api.database,
      Array.from({ length: 20 }, () => ({ ...row, reference: undefined, agoMs: 0 })),
    );

    const rest = await walk('', 50, `&cursor=${first.next_cursor}`);

    expect(first.data.map(({ number }) => number)).toEqual(before.slice(0, 50));
    expect(rest).toEqual(before.slice(50));
    await api.database.query('DELETE FROM withdrawal WHERE number = ANY ($1::bigint[])', [added]);
  });

  it.each([
    ['status=failed', 'status: Unknown field'],
    ['acount_id=x', 'acount_id: Unknown field; did you mean account_id?'],
    ['account_id=x', 'account_id: Input should be a lower-case UUID'],
    ['state=failed,gone', 'state: Input should be one of'],
    ['requested_since=yesterday', 'requested_since: Input should be a UTC time'],
    ['requested_before=2026-02-30T00:00:00Z', 'requested_before: Input should be a UTC time'],
    ['cursor=-1', 'cursor: Input should be the next_cursor of a page'],
    [`cursor=${'9'.repeat(17)}`, 'cursor: Input should be the next_cursor of a page'],
    ['limit=0', 'limit: Input should be a whole number from 1 to 9999'],
    ['q=', 'q: String should have at least 1 characters'],
    ['q=%00', 'q: String should contain valid characters only'],
  ])('refuses %s', async (query, message) => {
    expect(await api.send({ target: `/internal/withdrawals?${query}` })).toMatchObject({
      status: 422,
      body: { success: false, message: expect.stringContaining(message) as string },
    });
  });
});

describe('a page of 200,000 withdrawals', () => {
  let api: TestApi;
  let accountId: string;
  const plans: Plan[] = [];
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push(await givenAccount(api.database));
    accountId = ids[0] ?? '';
    await api.database.query(LONG_HISTORY, [ids, 200_000]);
    await api.database.query(LIST_ENDED);
    await api.database.query(
      `INSERT INTO open_withdrawal (id) SELECT id FROM withdrawal WHERE ${OPEN}`,
    );
    await api.database.query(
      'UPDATE recovery SET scanned_to = (SELECT max(number) FROM withdrawal), scan_next_to = (SELECT max(number) FROM withdrawal)',
    );
    await api.database.query(
      'VACUUM (ANALYZE) withdrawal, ended_withdrawal, open_withdrawal, account',
    );
  }, 120_000);
  afterAll(() => api.close());

  /** Runs every statement of a page as asked, and keeps its plan. */
  const explaining = {
    query: async (sql: string, params: unknown[]) => {
      const [plan] = await api.database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
        params,
      );
      if (plan) plans.push(plan['QUERY PLAN'][0].Plan);
      return api.database.query(sql, params);
    },
  };

  const FILTERS: [query: WithdrawalListQuery, most?: number][] = [
    [{}],
    [{ state: ['failed'] }],
    [{ state: ['completed'] }],
    [{ state: ['uncertain'] }],
    [{ state: ['rejected'] }, 30_000],
    [{ venue: 'upvest' }],
    [{ venue: 'gateio' }],
    [{ venue: 'nobody' }],
    [{ currency: 'BTC' }],
    [{ network: 'TRX' }],
    [{ currency: 'USDT', network: 'TRX', venue: 'gateio', state: ['completed'] }],
    [{ client_reference: 'order-1' }],
    [{ client_reference: 'nothing' }],
    [{ requested_since: '2026-01-01T00:00:00Z', requested_before: '2026-01-02T00:00:00Z' }],
    [{ q: '1234' }, 30_000],
    [{ q: '0193a000-0000-7000-8000-00000000dead' }, 30_000],
    [{ q: 'order-1' }, 30_000],
    [{ q: '0x0000000000000000000000000000000000012345' }, 30_000],
    [{ q: ADDRESS }, 30_000],
    [{ q: `0x${'ab'.repeat(32)}` }, 30_000],
  ];

  it.each(FILTERS)(
    'by %j reads no table from end to end',
    async (query: WithdrawalListQuery, most: number = 9_000) => {
      const all = new AllWithdrawals(explaining as never);
      const cost: object[] = [];
      for (const more of [{}, { account_id: accountId }]) {
        const first = await all.list({ ...query, ...more, limit: 50 });
        await all.list({ ...query, ...more, limit: 50, cursor: first.nextCursor ?? '1' });
        const scanned = plans
          .flatMap(nodesOf)
          .flatMap(({ 'Node Type': type, 'Relation Name': table = '' }) =>
            type === 'Seq Scan' && LARGE.has(table) ? [table] : [],
          );
        const blocks = plans.map((plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks']);
        plans.length = 0;
        if (scanned.length > 0 || Math.max(...blocks) > most)
          cost.push({ ...more, scanned, blocks });
      }
      expect(cost).toEqual([]);
    },
  );

  it('of a rare kind looks at 5,000, and its cursor leads on until all are found', async () => {
    const rare = await api.database.query<{ number: string }>(
      "SELECT number::text FROM withdrawal WHERE venue = 'upvest' AND state <> 'rejected' ORDER BY withdrawal.number DESC",
    );
    const all = new AllWithdrawals(api.database);
    const pages: (readonly { readonly number: string }[])[] = [];
    for (let cursor: string | null | undefined; cursor !== null && pages.length < 100;) {
      const page = await all.list({ venue: 'upvest', limit: 7, ...(cursor && { cursor }) });
      pages.push(page.items);
      cursor = page.nextCursor;
    }

    expect(pages.length).toBeLessThan(100);
    expect(pages.flat().map(({ number }) => number)).toEqual(rare.map(({ number }) => number));
  });
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

function nodesOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

const LARGE = new Set(['withdrawal', 'ended_withdrawal']);

/** Of many accounts: each 500th failed, each 2,000th by a rare venue, each 1,000th uncertain and each 3rd to one recipient. */
const LONG_HISTORY = `
  INSERT INTO withdrawal (id, number, account_id, key_id, client_reference, shares_reference, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at, tx_hash)
  SELECT uuidv7(at - clock_timestamp()), (extract(epoch FROM at - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + n % 2048, ($1::uuid[])[n % 20 + 1], 'ck_1',
         CASE WHEN n < 1000 THEN 'order-' || n END, true, CASE WHEN n % 4 = 0 THEN 'BTC' ELSE 'USDT' END, CASE n % 4 WHEN 0 THEN 'BTC' WHEN 1 THEN 'TRX' ELSE 'ETH' END, 6,
         '{"type":"address","address":"${ADDRESS}"}', 5, 1, CASE WHEN n % 2000 = 7 THEN 'upvest' WHEN n % 3 = 0 THEN 'bybit' ELSE 'gateio' END, false, 'd', 's', 'v',
         CASE WHEN n % 3 = 0 THEN decode('${recipientDigest({ type: 'address', address: ADDRESS.toLowerCase() })}', 'hex') ELSE sha256(n::text::bytea) END, false, '[]',
         CASE WHEN n % 1000 = 3 THEN 'uncertain' WHEN n % 500 = 1 THEN 'failed' WHEN n % 5 = 0 THEN 'rejected' ELSE 'completed' END, 2, at, at, '0x' || encode(sha256(n::text::bytea), 'hex')
    FROM generate_series(1, $2::int) AS n, LATERAL (SELECT date_trunc('milliseconds', clock_timestamp()) - ($2::int - n) * interval '0.9 seconds' AS at) AS t`;
