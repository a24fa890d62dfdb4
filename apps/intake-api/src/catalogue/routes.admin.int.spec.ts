import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import { givenApi, refusal, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';

describe('/internal/routes', () => {
  let api: TestApi;
  let other: TestApi;
  beforeAll(async () => {
    const url = await testDatabase('intake');
    [api, other] = [
      await givenApi(url, testValues({ holdTimeoutMs: 50 })),
      await givenApi(url, testValues({ holdTimeoutMs: 50 })),
    ];
  });
  afterAll(() => Promise.all([api.close(), other.close()]));

  const send = (body: object, instance = api) =>
    instance.send({ method: 'PUT', target: '/internal/routes', body: JSON.stringify(body) });
  const venuesOf = async ({ currency, network }: { currency?: string; network?: string }) => {
    const { text } = await api.send({ target: '/internal/routes' });
    const routes: { currency: string; network: string; venues: object[] }[] = JSON.parse(text).data;
    return (
      routes.find(
        (route) => route.currency === currency?.toUpperCase() && route.network === network,
      )?.venues ?? []
    );
  };
  /** As an operator does who has just looked. */
  const put = async (body: { currency?: string; network?: string; venues?: unknown }) =>
    send({ was: await venuesOf(body), ...body });
  const BTC = { currency: 'BTC', network: 'BTC' };
  const PLAIN = {
    state: 'on',
    min_amount: null,
    max_amount: null,
    decimals: null,
    fee_percent: null,
    fee_flat: null,
    submit_within_ms: 3_600_000,
  };
  const bybit = { ...PLAIN, venue: 'bybit', pays: ['address'] };
  const gateio = { ...PLAIN, venue: 'gateio', pays: ['address', 'venue_account'] };

  it('lists every route in its order', async () => {
    const answer = await api.send({ target: '/internal/routes' });
    expect(answer).toMatchObject({ status: 200, body: { data_count: 4 } });
    expect(answer.body.data).toContainEqual({ ...BTC, venues: [gateio] });
  });

  it('sets order, state and limits, and lists what was set', async () => {
    const priced = { decimals: 8, fee_percent: '0.25', fee_flat: '0.0001', submit_within_ms: null };
    const venues = [
      { ...bybit, ...priced, state: 'paused', min_amount: '0.001', max_amount: '1' },
      gateio,
    ];
    expect(await put({ currency: 'btc', network: 'BTC', venues })).toMatchObject({
      status: 200,
      body: { data: { ...BTC, venues } },
    });
    expect((await other.send({ target: '/internal/routes' })).body.data).toContainEqual({
      ...BTC,
      venues,
    });
  });

  it('gives a venue an hour to begin unless the route says otherwise', async () => {
    const { submit_within_ms: _unsaid, ...brief } = bybit;
    expect(await put({ ...BTC, venues: [brief] })).toMatchObject({
      status: 200,
      body: { data: { venues: [{ submit_within_ms: 3_600_000 }] } },
    });
  });

  it('is obeyed by every instance at once: the next request takes the new first venue', async () => {
    const accountId = await givenAccount(api.database);
    const key = await api.createKey(accountId, ['withdraw']);
    const venueOf = async (client_reference: string, change: object = {}) => {
      const asset = { currency: 'USDT', network: 'ETH', to_address: ADDRESS };
      const body = { ...asset, amount: '50', client_reference, ...change };
      const answer = await other.post('/v1/withdrawals', body, { key });
      const [row] = await api.database.query<{ venue: string; detail: string }>(
        'SELECT w.venue, e.detail FROM withdrawal w JOIN withdrawal_step e ON e.withdrawal_id = w.id WHERE w.client_reference = $1',
        [client_reference],
      );
      return row ? `${row.venue}: ${row.detail}` : answer.body.message;
    };
    const set = async (...venues: object[]) => {
      await put({ currency: 'USDT', network: 'ETH', venues });
      for (let tries = 0; tries < 20; tries++) await other.send({ target: '/internal/routes' }); // lets the notification arrive
    };

    expect(await venueOf('before')).toBe('gateio: gateio');
    await set(bybit, gateio);
    expect(await venueOf('bybit first')).toBe('bybit: bybit');
    expect(await venueOf('named', { venue: 'gateio' })).toBe(
      'gateio: gateio (named by the request)',
    );
    await set({ ...bybit, state: 'paused' }, gateio);
    expect(await venueOf('bybit paused')).toBe('gateio: gateio (bybit: paused)');
    expect(await venueOf('paused by name', { venue: 'bybit' })).toBe(
      'venue: No venue of this route takes withdrawals now',
    );
    await set({ ...bybit, max_amount: '49.99' }, { ...gateio, state: 'closing' });
    expect(await venueOf('too much')).toBe('amount: No venue of this route pays such an amount');
    expect(await venueOf('little', { amount: '40' })).toBe('bybit: bybit');
  });

  it('is shown with each withdrawal: which venues were considered, and why each was not taken', async () => {
    const key = await api.createKey(await givenAccount(api.database), ['withdraw']);
    await put({
      currency: 'USDT',
      network: 'TRX',
      venues: [
        { ...bybit, state: 'paused' },
        { ...bybit, venue: 'bitmart', max_amount: '49' },
        gateio,
      ],
    });
    for (let tries = 0; tries < 20; tries++) await api.send({ target: '/internal/routes' });
    const shown = async (client_reference: string, change: object) => {
      const to_address = 'TCpToMYMu1Xsvx2izvtEbMxfUpkHMm7B4n';
      const asset = { currency: 'USDT', network: 'TRX', to_address };
      const body = { ...asset, amount: '50', client_reference, ...change };
      await api.post('/v1/withdrawals', body, { key });
      const [row] = await api.database.query<{ id: string }>(
        'SELECT id FROM withdrawal WHERE client_reference = $1',
        [client_reference],
      );
      const { data } = (await api.send({ target: `/internal/withdrawals/${row?.id}` })).body;
      return {
        routing: data['routing'],
        details: (data['history'] as { detail: string }[]).map(({ detail }) => detail),
      };
    };
    const passed = [
      { venue: 'bybit', because: 'paused' },
      { venue: 'bitmart', because: 'limits' },
    ];
    expect(await shown('shown', {})).toMatchObject({
      routing: [{ sequence: 1, after: 'requested', venue: 'gateio', named: false, passed }],
      details: ['gateio (bybit: paused, bitmart: limits)'],
    });
    expect(await shown('shown named', { venue: 'gateio' })).toMatchObject({
      routing: [{ sequence: 1, after: 'requested', venue: 'gateio', named: true, passed: [] }],
      details: ['gateio (named by the request)'],
    });
  });

  it('prices by the venue that is chosen first, and refuses more decimals than any venue pays', async () => {
    const key = await api.createKey(await givenAccount(api.database), ['withdraw']);
    const ask = async (client_reference: string, amount: string) => {
      const asset = { currency: 'ETH', network: 'ETH', to_address: ADDRESS };
      const body = { ...asset, amount, client_reference };
      const answer = await api.post('/v1/withdrawals', body, { key });
      const [row] = await api.database.query<{ fee: string; submit_within_ms: number }>(
        'SELECT fee::text, submit_within_ms FROM withdrawal WHERE client_reference = $1',
        [client_reference],
      );
      return row ?? answer.body.message;
    };
    expect(await ask('as seeded', '1.123456789')).toBe(
      'amount: Decimal input should have no more than 8 decimal places',
    );
    const venues = [
      { ...bybit, decimals: 9, fee_percent: '1', fee_flat: '0.5', submit_within_ms: 5_000 },
      gateio,
    ];
    await put({ currency: 'ETH', network: 'ETH', venues });
    for (let tries = 0; tries < 20; tries++) await api.send({ target: '/internal/routes' });
    expect(await ask('by bybit', '2.123456789')).toEqual({
      fee: '0.52123456789',
      submit_within_ms: 5_000,
    });
  });

  describe('when two set one route', () => {
    it('takes one of the changes that were made to the same reading, and reports to the others what has changed', async () => {
      await put({ ...BTC, venues: [bybit] });
      const was = await venuesOf(BTC);
      const changes = ['1', '2', '3', '4'].map((fee_flat) => ({
        ...BTC,
        was,
        venues: [{ ...bybit, fee_flat }],
      }));

      const answers = await Promise.all(
        changes.map((change, index) => send(change, index % 2 ? other : api)),
      );

      const set = answers.filter(({ status }) => status === 200);
      expect(set.map(({ body }) => body.data['venues'])).toEqual([await venuesOf(BTC)]);
      const refused = answers
        .filter(({ status }) => status === 409)
        .map(({ body }) => body.message);
      expect(refused).toHaveLength(3);
      for (const message of refused)
        expect(message).toMatch(
          /^Nothing was set: the route has changed since it was read: fee_flat of bybit is \d, was none/,
        );
    });

    it('answers a change that is there already as done: the first answer may have been lost', async () => {
      const change = { ...BTC, was: await venuesOf(BTC), venues: [{ ...gateio, state: 'paused' }] };

      expect([(await send(change)).status, (await send(change)).status]).toEqual([200, 200]);
      expect(await send({ ...change, venues: [] })).toMatchObject({
        status: 409,
        body: { message: expect.stringContaining('gateio is new') },
      });
    });
  });

  it.each<
    [{ currency?: string; network?: string; venues?: unknown; was?: unknown }, number, string]
  >([
    [{ ...BTC, was: undefined, venues: [] }, 422, 'was: Field required'],
    [
      { ...BTC, was: [{ ...bybit, state: 'off' }], venues: [] },
      422,
      'was.0.state: Input should be one of on, paused, closing',
    ],
    [{ ...BTC, venues: 'bybit' }, 422, 'venues: Input should be a list'],
    [{ ...BTC, venues: ['bybit'] }, 422, 'venues.0: Input should be a list of objects'],
    [
      { ...BTC, venues: [{ ...bybit, min_amount: 2, max_amount: 1 }] },
      422,
      'venues: bybit has a maximum below its minimum',
    ],
    [{ ...BTC, venues: [bybit, bybit] }, 422, 'venues: A venue may be listed once'],
    [{ venues: [] }, 422, 'currency: Field required; network: Field required'],
    [
      { currency: 'BTC', network: 'ETH', venues: [bybit] },
      404,
      'Currency not found on this network',
    ],
  ])('refuses %j', async (body, status, message) => {
    expect(await put(body)).toMatchObject(refusal(status, message));
  });

  it.each<[object, string]>([
    [{ venue: 'kraken' }, 'venue: Input should be a venue of this system'],
    [{ state: 'off' }, 'state: Input should be one of on, paused, closing'],
    [{ pays: ['cash'] }, 'pays: "cash" is not one of address, venue_account, reference_account'],
    [{ pays: [] }, 'pays: List should have at least 1 items'],
    [{ max_amount: '-1' }, 'max_amount: Input should be greater than 0'],
    [{ decimals: 31 }, 'decimals: Input should be a whole number from 0 to 30'],
    [{ decimals: '8' }, 'decimals: Input should be a whole number from 0 to 30'],
    [{ fee_flat: 'free' }, 'fee_flat: Input should be a valid decimal'],
    [
      { submit_within_ms: 0 },
      'submit_within_ms: Input should be a whole number from 1 to 2147483647',
    ],
  ])('refuses a venue with %j', async (change, fault) => {
    expect(await put({ ...BTC, venues: [{ ...bybit, ...change }] })).toMatchObject(
      refusal(422, `venues.0.${fault}`),
    );
  });
});
