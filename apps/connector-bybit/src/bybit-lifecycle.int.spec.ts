import { setTimeout as sleep } from 'node:timers/promises';
import {
  benchFor,
  happens,
  stateOf,
  types,
  type TestConnector,
  type ContractOrder,
} from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { BYBIT_KIT, WIDE_PLAN } from './testing/bybit-kit.js';
import { chainOrder, ETH_ADDRESS, tronOrder, uidOrder } from './testing/orders.js';
import { BYBIT_RATE_RULES } from './venue/bybit.capabilities.js';

const bench = benchFor(BYBIT_KIT);

const CREATE = 'POST /v5/asset/withdraw/create';

const lastWord = (connector: TestConnector, order: ContractOrder): object | undefined =>
  connector.events(order.withdrawalId).at(-1)?.data;

describe('cancel', () => {
  it('racing with completion: there is exactly one final event, and the event agrees with the book', async () => {
    await bench.simulator.settings({
      status_ms: { SecurityCheck: 60, Pending: 60, BlockchainConfirmed: 60 },
    });
    const connector = await bench.connector();
    const orders = Array.from({ length: 8 }, (_, n) => chainOrder(`4${n}`));

    for (const [n, order] of orders.entries()) {
      await connector.submit([order]);
      await sleep(n * 40);
      await connector.cancel(order.withdrawalId);
    }

    for (const order of orders) {
      await eventually(
        () =>
          expect(types(connector, order).some((type) => /settled|failed|refused$/.test(type))).toBe(
            true,
          ),
        { withinMs: 15_000 },
      );
      await eventually(
        async () =>
          expect(['settled', 'failed', 'refused']).toContain(await stateOf(connector, order)),
        { withinMs: 15_000 },
      );
      const paid = (await bench.payments(order.amount)).filter(
        ({ status }) => status !== 'CancelByUser',
      );
      expect(paid).toHaveLength((await stateOf(connector, order)) === 'settled' ? 1 : 0);
    }
    expect(await connector.violations()).toEqual([]);
  });
});

describe('one withdrawal per coin and chain and interval', () => {
  it('is obeyed by two instances together, and Bybit never complains; other coins and chains go meanwhile', async () => {
    await bench.simulator.settings({
      rate_limits: {
        enabled: true,
        pair: { requests: 1, per_ms: 1_100 },
        ip: { requests: 100_000, per_ms: 1_000 },
      },
    });
    const plan = {
      ratePlan: {
        ...BYBIT_RATE_RULES,
        [CREATE]: { limit: 5, perMs: 1_000 },
        [`${CREATE} *`]: { limit: 1, perMs: 1_100 },
      },
    };
    const change = { ...plan, submitTimeoutMs: 5_000 };
    const database = await bench.database();
    const [one, two] = [
      await bench.connector(change, database),
      await bench.connector(change, database),
    ];
    const onEthereum = Array.from({ length: 4 }, (_, n) => chainOrder(`5${n}`));
    const others = [tronOrder('60'), uidOrder('61'), { ...chainOrder('62'), asset: 'USDC.ETH' }];

    await one.submit([...onEthereum, ...others]);

    for (const order of [...onEthereum, ...others])
      await eventually(async () => expect(await stateOf(one, order)).toBe('settled'), {
        withinMs: 20_000,
      });
    const [last] = await one.database.query<{ withdrawal_id: string }>(
      'SELECT withdrawal_id FROM attempt ORDER BY intended_at DESC LIMIT 1',
    );
    // Either instance may send the next order, so any of the four can be the last.
    expect(onEthereum.map(({ withdrawalId }) => withdrawalId)).toContain(last?.withdrawal_id);
    const attempts = await one.database.query<{ state: string }>(
      'SELECT DISTINCT state FROM attempt',
    );
    expect(attempts).toEqual([{ state: 'accepted' }]);
    expect(await two.violations()).toEqual([]);
  });

  it('counts from the end of the previous call, because the time of acceptance by Bybit is unknown', async () => {
    const connector = await bench.connector({
      ratePlan: { ...WIDE_PLAN, [`${CREATE} *`]: { limit: 1, perMs: 60_000 } },
    });
    await bench.simulator.arm(CREATE, 'accept_then_hang');
    const order = chainOrder('63');

    await connector.submit([order]);
    await happens(connector, order, 'submission-unknown');

    const [row] = await connector.database.query<{ ms: number }>(
      `SELECT (extract(epoch FROM r.next_free_at - a.intended_at) * 1000)::float8 AS ms FROM rate_slot r, attempt a WHERE r.endpoint = $1`,
      [`${CREATE} USDT.ETH`],
    );
    expect(row?.ms).toBeGreaterThan(61_200 + 350); // the distance, and the 400 ms after which the call was given up
  });
});

describe('what Bybit refuses', () => {
  it.each([
    ['an address outside the book', { address_book_only: true }, 'address_not_in_book'],
    ['an address it does not support', { refused_addresses: [ETH_ADDRESS] }, 'not_supported'],
    ['a recipient of whom it wants to know', { site: 'KOR' }, 'travel_rule'],
    ['what it has no funds for', { balances: { USDT: '10' } }, 'insufficient_venue_funds'],
  ])('%s: one refusal with its code, nothing paid', async (_what, settings, reason) => {
    await bench.simulator.settings(settings);
    const connector = await bench.connector();
    const order = chainOrder('80');

    await connector.submit([order]);

    await happens(connector, order, 'submission-refused');
    expect(lastWord(connector, order)).toMatchObject({
      reason,
      venueCode: expect.stringMatching(/^131/) as string,
    });
    expect(await bench.payments('80')).toEqual([]);
  });

  it('an EVM address in another case than the book has it is paid: it is sent as the book writes it', async () => {
    const address = ETH_ADDRESS.toLowerCase();
    const entry = {
      coin: 'USDT',
      chain: 'ETH',
      address,
      tag: '',
      remark: '',
      status: 0,
      addressType: 0,
      verified: 1,
    };
    await bench.simulator.settings({ address_book_only: true, address_book: [entry] });
    const connector = await bench.connector();
    const order = chainOrder('81');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments('81')).toMatchObject([{ destination: address }]);
    expect(await connector.violations()).toEqual([]);
  });

  it('and what fails later is published as failed, not as cancelled', async () => {
    await bench.simulator.settings({ rejected_addresses: [ETH_ADDRESS] });
    const connector = await bench.connector();
    const order = chainOrder('82');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-failed');
    expect(lastWord(connector, order)).toMatchObject({
      cancelled: false,
      reason: 'rejected_by_venue',
    });
  });

  it('a withdrawal that it has questions about stays open, and a person is called', async () => {
    await bench.simulator.settings({
      questioned_addresses: [ETH_ADDRESS],
      status_ms: { MoreInformationRequired: 700 },
    });
    const connector = await bench.connector();
    const order = chainOrder('83');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await connector.database.query('SELECT kind FROM submission_case')).toEqual([
      { kind: 'venue_alert' },
    ]);
  });
});

describe('what is never sent', () => {
  it.each([
    ['read_only', /address book cannot be read.*10005/],
    ['sub_account', /withdrawal records cannot be read.*10005/],
    ['nobody', /withdrawal records cannot be read.*10003/],
  ])('anything, while the key (%s) cannot pay or cannot find its payments', async (name, fault) => {
    const connector = await bench.connector(await bench.otherKey(name));
    const order = chainOrder('91');

    await connector.submit([order]);
    await eventually(() => expect(connector.gate.startFault).toMatch(fault));
    await sleep(300);

    expect(await stateOf(connector, order)).toBe('prepared');
    expect(await bench.payments('91')).toEqual([]);
  });

  it('anything for ten minutes, after Bybit turned our address away: neither submits nor reads', async () => {
    const connector = await bench.connector();
    const order = chainOrder('92');
    await bench.simulator.arm(CREATE, 'refuse_with', {
      http_status: 403,
      body: '403, access too frequent',
      content_type: 'text/html',
    });

    await connector.submit([order]);
    await eventually(async () =>
      expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1),
    );
    await eventually(async () => expect(await stateOf(connector, order)).toBe('prepared'));

    const slots = await connector.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM next_free_at - now())::int AS seconds FROM rate_slot`,
    );
    expect(Math.min(...slots.map(({ seconds }) => seconds))).toBeGreaterThan(590);
    expect(types(connector, order)).not.toContain('submission-refused');
  });
});
