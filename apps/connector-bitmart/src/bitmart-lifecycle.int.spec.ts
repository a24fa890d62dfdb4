import { setTimeout as sleep } from 'node:timers/promises';
import { benchFor, happens, keptLog, reaches, types } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder } from './testing/orders.js';

const bench = benchFor(BITMART_KIT);

const APPLY = 'POST /account/v1/withdraw/apply';

describe('what is paid', () => {
  it.each(['cid', 'email', 'phone'] as const)(
    'an account by %s, exactly and without a transaction',
    async (kind) => {
      const connector = await bench.connector();
      const order = accountOrder(kind, '11');

      await connector.submit([order]);

      await happens(connector, order, 'withdrawal-settled');
      expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({
        txHash: null,
        venueFee: '0',
      });
      expect(await bench.payments(order.amount)).toHaveLength(1);
    },
  );

  it('an address with its memo, on the network that was asked for', async () => {
    const connector = await bench.connector();
    const destination = {
      type: 'address',
      address: 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh',
      memo: '104398221',
    };
    const order = chainOrder('12', { asset: 'XRP.XRP', destination });

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments(order.amount)).toMatchObject([
      { currency: 'XRP', chain: 'XRP', destination: destination.address },
    ]);
  });

  it('where the fee comes on top: the same amount, once the connector is configured so', async () => {
    await bench.simulator.settings({ amount_is: 'net' });
    const connector = await bench.connector({ amountIs: 'net' });
    const order = chainOrder('13');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments(order.amount)).toMatchObject([{ amount: '14' }]);
  });

  it('where the fee comes on top and the connector is not configured so: not as asked, so a person is called and nothing is settled', async () => {
    await bench.simulator.settings({ amount_is: 'net' });
    const connector = await bench.connector();
    const order = chainOrder('14');

    await connector.submit([order]);

    await reaches(connector, order, 'disputed');
    expect(types(connector, order)).not.toContain('withdrawal-settled');
  });

  it('an account whose records show no address is settled all the same, and never found again by fields', async () => {
    await bench.simulator.settings({ account_record_address: 'empty' });
    const connector = await bench.connector();
    const [answered, unanswered] = [accountOrder('cid', '15'), accountOrder('cid', '16')];
    await connector.submit([answered]);
    await happens(connector, answered, 'withdrawal-settled');

    await bench.simulator.arm(APPLY, 'accept_then_cut');
    await connector.submit([unanswered]);

    await reaches(connector, unanswered, 'undecided');
    const [paid] = await bench.payments(unanswered.amount);
    await connector.decide(unanswered.withdrawalId, {
      decision: 'paid',
      evidence: 'seen in the account',
      venueReference: paid?.id ?? '',
    });
    await happens(connector, unanswered, 'withdrawal-settled');
  });

  it.each([
    ['rejected_addresses', 'failed_at_venue'],
    ['cancelled_addresses', 'cancelled'],
  ])('what the venue ends without paying (%s) is failed as %s', async (setting, reason) => {
    await bench.simulator.settings({ [setting]: ['876940329'] });
    const connector = await bench.connector();
    const order = accountOrder('cid', '17');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-failed');
    expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({
      reason,
      cancelled: false,
    });
  });
});

describe('the winding down', () => {
  it('is logged at every start, with its dates', async () => {
    const log = keptLog();

    await bench.connector({}, undefined, log.logger);

    const warning = {
      level: 'warn',
      text: expect.stringContaining('BitMart closes soon') as string,
      fields: expect.objectContaining({
        operationsCease: '2027-01-31T15:59:00Z',
        refuseFrom: '2099-01-01T00:00:00.000Z',
      }) as object,
    };
    await eventually(() => expect(log.lines).toContainEqual(warning)); // once the time of the venue is known
  });

  it('from the configured date on everything is refused and nothing is sent', async () => {
    const log = keptLog();
    const connector = await bench.connector({ refuseFrom: new Date() }, undefined, log.logger);
    const orders = [chainOrder('22'), accountOrder('email', '22')];

    await connector.submit(orders);

    for (const order of orders) {
      await happens(connector, order, 'submission-refused');
      expect(connector.events(order.withdrawalId)).toMatchObject([
        { data: { reason: 'venue_closed' } },
      ]);
    }
    expect(await bench.simulator.payments()).toEqual([]);
    const said = expect.objectContaining({
      level: 'error',
      text: expect.stringContaining('refuses every withdrawal') as string,
    }) as object;
    expect(log.lines).toContainEqual(said);
  });
});

describe('an asset on Solana', () => {
  it('is paid', async () => {
    const connector = await bench.connector();
    const order = chainOrder('6', {
      asset: 'USDT.SOL',
      destination: { type: 'address', address: '7VHUFJHWu2CuExkJcJrzhQPJ2oygupTWkL2A2For4BmE' },
    });

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
  });
});

describe('what is never sent', () => {
  it.each([
    ['a wrong memo, which no read shows', { memo: new Secret('another') }],
    ['a wrong secret', { apiSecret: new Secret('another') }],
  ])('%s stops the queue instead of refusing customers', async (_what, change) => {
    const connector = await bench.connector({ ...change, haltMs: 60_000 });
    const orders = [chainOrder('23'), chainOrder('24')];

    await connector.submit(orders);
    await eventually(async () =>
      expect((await connector.submission(orders[0]?.withdrawalId ?? ''))?.attempts).not.toEqual([]),
    );
    await sleep(500);

    for (const order of orders) {
      expect((await connector.submission(order.withdrawalId))?.state).toBe('prepared');
      expect(types(connector, order)).not.toContain('submission-refused');
    }
    expect(await connector.violations()).toEqual([]);
  });

  it('nothing, while the key may not withdraw: its fees cannot be read', async () => {
    const connector = await bench.connector(await bench.otherKey('read_only'));
    const order = chainOrder('25');

    await connector.submit([order]);
    await sleep(700);

    expect(await connector.submission(order.withdrawalId)).toMatchObject({
      state: 'prepared',
      attempts: [],
    });
  });

  it('nothing, while the key cannot read the records it would need to find a payment again', async () => {
    const connector = await bench.connector(await bench.otherKey('frozen'));
    const order = chainOrder('26');

    await connector.submit([order]);
    await eventually(() =>
      expect(connector.gate.startFault).toMatch(/withdrawal records cannot be read/),
    );

    expect((await connector.submission(order.withdrawalId))?.state).toBe('prepared');
  });
});

describe('a refusal', () => {
  it('that concerns the whole account calls a person', async () => {
    const log = keptLog();
    const connector = await bench.connector({}, undefined, log.logger);
    const body = JSON.stringify({ code: 53000, message: 'frozen', trace: 'N/A', data: {} });
    await bench.simulator.arm(APPLY, 'refuse_with', {
      http_status: 403,
      body,
      content_type: 'text/plain',
    });
    const order = chainOrder('27');

    await connector.submit([order]);

    await happens(connector, order, 'submission-refused');
    expect(connector.events(order.withdrawalId)).toMatchObject([
      { data: { reason: 'venue_restricted', venueCode: '53000', message: 'frozen' } },
    ]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        text: 'the venue refuses more than this withdrawal: an operator must check the account at the venue',
      }),
    );
  });

  it('for an unsaved address, for an unverified one, for too little', async () => {
    const connector = await bench.connector();
    const to = (address: string) => ({ destination: { type: 'address', address } });
    const orders = [
      chainOrder('28', to('0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B')),
      chainOrder('28', to('0x0000000000000000000000000000000000000bad')),
      chainOrder('1'),
    ];

    await connector.submit(orders);

    for (const [n, venueCode] of ['60007', '60015', '60005'].entries()) {
      const order = orders[n] ?? chainOrder('0');
      await happens(connector, order, 'submission-refused');
      expect(connector.events(order.withdrawalId)).toMatchObject([{ data: { venueCode } }]);
    }
  });
});
