import { setTimeout as sleep } from 'node:timers/promises';
import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { USDT_TRX } from '../testkit/given-terms.js';

const TRON_ADDRESS = 'TCpToMYMu1Xsvx2izvtEbMxfUpkHMm7B4n';
const HOUR_MS = 3_600_000;

const PEPE = {
  ...USDT_TRX,
  currency: 'PEPE',
  network: 'BASE',
  name: 'Pepe',
  contract_address: '0x6982508145454Ce325dDbE47a25d4ec3d2311933',
  decimals: 18,
  open_to_all: true,
  unit_worth_eur: '0.00001',
};

describe('/internal/terms', () => {
  let api: TestApi;
  let other: TestApi;
  beforeEach(async () => {
    const url = await testDatabase('intake');
    [api, other] = [
      await givenApi(url, testValues({ holdTimeoutMs: 50 })),
      await givenApi(url, testValues({ holdTimeoutMs: 50 })),
    ];
  });
  afterEach(() => Promise.all([api.close(), other.close()]));

  const post = (person: string, target: string, body: object): Promise<ApiAnswer> =>
    api.post(target, body, { person });
  /** As two people say it. */
  const set = async (target: string, body: object) => {
    const first = await post('ada', target, body);
    expect([first.status, first.body]).toMatchObject([
      202,
      { data: { approval_id: expect.any(String) } },
    ]);
    const { approval_id: id } = first.body.data;
    return post('peter', `/internal/approvals/${String(id)}`, {});
  };
  const list = async (target: string, instance = api) => {
    const { text } = await instance.send({ target });
    return (JSON.parse(text) as { data: Record<string, unknown>[] }).data;
  };
  const versionsOf = async (wanted: { currency: string; network: string }, instance = other) =>
    (await list('/internal/terms/currencies', instance)).filter(
      ({ currency, network }) => currency === wanted.currency && network === wanted.network,
    );
  /** Until version 1 is, in the eyes of that instance. */
  const inForce = async (wanted: { currency: string; network: string }, instance: TestApi) => {
    const isThere = async () =>
      (await versionsOf(wanted, instance)).some(
        (one) => one['version'] === 1 && one['state'] === 'in_force',
      );
    while (!(await isThere())) await sleep(100);
  };
  const inAnHour = () => new Date(api.database.clock.now().getTime() + HOUR_MS).toISOString();
  const client = async () => {
    const key = await api.createKey(await givenAccount(api.database), ['withdraw']);
    return (fields: object, instance = api) =>
      instance.post(
        '/v1/withdrawals',
        {
          to_address: TRON_ADDRESS,
          amount: '50',
          ...USDT_ON_TRON,
          ...fields,
        },
        { key },
      );
  };
  const USDT_ON_TRON = { currency: 'USDT', network: 'TRX' };
  const feeOf = async (reference: string) =>
    (
      await api.database.query<{ fee: string }>(
        'SELECT fee::text FROM withdrawal WHERE client_reference = $1',
        [reference],
      )
    )[0]?.fee;

  it('lists what everything began with as version 0, in force since ever', async () => {
    expect(await list('/internal/terms/networks')).toContainEqual({
      network: 'TRX',
      family: 'tron',
      active: true,
      version: 0,
      state: 'in_force',
      effective_at: null,
      recorded_at: null,
      requested_by: null,
      approved_by: null,
    });
    expect(await versionsOf(USDT_TRX)).toMatchObject([
      { version: 0, state: 'in_force', withdrawal_fee_flat: '1', withdrawal_fee_percent: '0.1' },
    ]);
  });

  it('records a version once two people have said it, with both and from when it is in force', async () => {
    const effective_at = inAnHour();
    const order = { ...USDT_TRX, after_version: 0, effective_at };

    expect(await set('/internal/terms/currencies', order)).toMatchObject({
      status: 200,
      body: { data: { result: { ...USDT_TRX, version: 1, state: 'coming' } } },
    });

    expect(await versionsOf(USDT_TRX)).toMatchObject([
      { version: 0, state: 'in_force' },
      { version: 1, state: 'coming', effective_at, requested_by: 'ada', approved_by: 'peter' },
    ]);
    const entries = await list('/internal/audit');
    expect(entries).toContainEqual(
      expect.objectContaining({
        caller_name: 'ada',
        target: '/internal/terms/currencies',
        status: 202,
      }),
    );
  });

  it('is in force at every instance at its time, without a restart: a new price, and a currency that no migration knows', async () => {
    const ask = await client();
    await set('/internal/terms/currencies', { ...USDT_TRX, after_version: 0 });
    await set('/internal/terms/networks', { network: 'BASE', family: 'evm', active: true });
    await set('/internal/terms/currencies', PEPE);
    const pepe = { currency: 'PEPE', network: 'BASE' };
    const venues = [{ venue: 'gateio', pays: ['address'] }];
    const body = JSON.stringify({ ...pepe, was: [], venues });
    expect(await api.send({ method: 'PUT', target: '/internal/routes', body })).toMatchObject({
      status: 200,
    });

    for (const [instance, name] of [
      [api, 'one'],
      [other, 'other'],
    ] as const) {
      await inForce(PEPE, instance);
      await ask({ client_reference: `usdt ${name}` }, instance);
      expect(await feeOf(`usdt ${name}`)).toBe('3');
      await ask({ ...pepe, to_address: ADDRESS, client_reference: `pepe ${name}` }, instance);
      expect(await feeOf(`pepe ${name}`)).toBe('3');
      expect(
        await ask({ ...pepe, to_address: ADDRESS, amount: '1000000001' }, instance),
      ).toMatchObject({
        body: { message: 'amount: No venue of this route pays such an amount' },
      });
    }
  }, 120_000);

  it('changes nothing of a withdrawal on record: it keeps its fee, and a repeat gets the first answer', async () => {
    const ask = await client();
    await ask({ client_reference: 'before' });
    const before = await feeOf('before');
    await set('/internal/terms/currencies', { ...USDT_TRX, active: false, after_version: 0 });
    await Promise.all([inForce(USDT_TRX, api), inForce(USDT_TRX, other)]);
    const refused = await ask({ client_reference: 'after' }, other);

    const repeat = await ask({ client_reference: 'before' });

    expect([refused.status, await feeOf('after')]).toEqual([403, undefined]);
    expect(repeat).toMatchObject({ status: 200, body: { data: { fee: '1.050000' } } });
    expect([before, await feeOf('before')]).toEqual(['1.05', '1.05']);
  }, 120_000);

  it('lets an account have terms of its own, in force from a time', async () => {
    const accountId = await givenAccount(api.database);
    const target = `/internal/accounts/${accountId}/terms`;
    const own = {
      ...USDT_ON_TRON,
      withdrawal_enabled: true,
      min_withdrawal_amount: null,
      withdrawal_fee_flat: '0',
      withdrawal_fee_percent: null,
    };

    expect(await set(target, { ...own, after_version: 0, effective_at: inAnHour() })).toMatchObject(
      {
        body: { data: { result: { ...own, account_id: accountId, version: 1 } } },
      },
    );

    expect(await list(target)).toContainEqual(
      expect.objectContaining({ ...own, version: 1, state: 'coming' }),
    );
    expect(await api.send({ target: '/internal/accounts/none/terms' })).toMatchObject({
      status: 404,
    });
  });

  it('takes one of two versions that follow the same one, and answers a repeat of what is there as done', async () => {
    const order = { ...USDT_TRX, after_version: 0, effective_at: inAnHour() };
    await set('/internal/terms/currencies', order);

    expect(await post('peter', '/internal/terms/currencies', order)).toMatchObject({
      status: 200,
      body: { data: { version: 1 } },
    });
    expect(
      await post('ada', '/internal/terms/currencies', { ...order, decimals: 7 }),
    ).toMatchObject({
      status: 409,
      body: {
        message: 'Nothing was set: these are not the terms that were read: the newest version is 1',
      },
    });
    expect((await versionsOf(USDT_TRX)).length).toBe(2);
  });
});
