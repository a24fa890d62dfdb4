import { givenSimulator, json } from '../testing/test-client.js';
import { ETH_ADDRESS, GateioTestClient, labelOf, TRX_ADDRESS } from './gateio-test-client.js';

const simulator = givenSimulator('gateio');
let gate: GateioTestClient;

beforeAll(async () => {
  gate = await GateioTestClient.of(simulator.url);
});

beforeEach(async () => {
  await gate.control('POST', 'reset');
  await gate.control('PUT', 'settings', { rate_limits: { enabled: false }, status_ms: 40 });
});

describe('a chain withdrawal', () => {
  it('is answered as REQUEST, sent with a txid and done with a block number; the recipient gets the amount less the fee', async () => {
    const taken = json(await gate.withdraw());

    expect(taken).toMatchObject({
      status: 'REQUEST',
      currency: 'USDT',
      chain: 'ETH',
      amount: '12.5',
      memo: null,
      withdraw_order_id: 'order-1',
      fee_amount: '1',
    });
    expect(taken['id']).toMatch(/^w[0-9]+$/);
    const done = await gate.until('/wallet/withdrawals?withdraw_order_id=order-1', 'DONE');
    expect(done).toMatchObject({
      id: taken['id'],
      amount: '12.5',
      fee: '1',
      txid: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    expect(Number(done['block_number'])).toBeGreaterThan(0);
    expect(await gate.payments()).toEqual([
      {
        id: taken['id'],
        client_id: 'order-1',
        currency: 'USDT',
        chain: 'ETH',
        destination: ETH_ADDRESS,
        memo: null,
        amount: '12.5',
        net_amount: '11.5',
        status: 'DONE',
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  it('echoes the case in which currency and chain were sent', async () => {
    expect(
      json(await gate.withdraw({ currency: 'usdt', chain: 'trx', address: TRX_ADDRESS })),
    ).toMatchObject({ currency: 'usdt', chain: 'trx' });
    expect(await gate.payments()).toMatchObject([{ currency: 'USDT', chain: 'TRX' }]);
  });

  it('is created again for a repeated withdraw_order_id, unless the settings refuse it', async () => {
    await gate.withdraw();
    const second = await gate.withdraw();
    await gate.control('PUT', 'settings', { duplicate_client_id: 'refuse' });
    const third = await gate.withdraw();

    expect(second.status).toBe(200);
    expect(labelOf(third)).toBe('DUPLICATE_REQUEST');
    expect(await gate.list('/wallet/withdrawals?withdraw_order_id=order-1')).toHaveLength(2);
  });

  it('takes from the balance, and gives back when it is cancelled', async () => {
    await gate.control('PUT', 'settings', {
      balances: { USDT: '20' },
      status_ms: { REQUEST: 60_000 },
    });
    const { id } = json(await gate.withdraw());
    const poor = await gate.withdraw();
    const cancelled = await gate.call('DELETE', `/withdrawals/${String(id)}`);

    expect(labelOf(poor)).toBe('BALANCE_NOT_ENOUGH');
    expect(cancelled.status).toBe(202);
    expect(json(cancelled)).toMatchObject({ id, status: 'CANCELPEND', block_number: '0' });
    await gate.until(`/wallet/withdrawals?withdraw_id=${String(id)}`, 'CANCEL');
    expect(await gate.list('/spot/accounts?currency=USDT')).toMatchObject([
      { currency: 'USDT', available: '20' },
    ]);
  });

  it('cannot be cancelled once it is processed, nor when there is none', async () => {
    const { id } = json(await gate.withdraw());
    await gate.until(`/wallet/withdrawals?withdraw_id=${String(id)}`, 'DONE');

    expect(labelOf(await gate.call('DELETE', `/withdrawals/${String(id)}`))).toBe(
      'INVALID_WITHDRAW_CANCEL_STATUS',
    );
    expect(labelOf(await gate.call('DELETE', '/withdrawals/w1'))).toBe('INVALID_WITHDRAW_ID');
  });

  it('passes the scripted statuses of its address: a temporary failure on chain, and a cancellation by the venue', async () => {
    await gate.control('PUT', 'settings', {
      scripts: { [ETH_ADDRESS]: ['MANUAL', 'FAIL', 'DONE'], [TRX_ADDRESS]: ['FVERIFY', 'CANCEL'] },
    });
    await gate.withdraw();
    expect(await gate.until('/wallet/withdrawals', 'DONE')).toMatchObject({
      txid: expect.stringMatching(/^0x/),
      fail_reason: '',
    });
    await gate.withdraw({ chain: 'TRX', address: TRX_ADDRESS });

    expect(await gate.until('/wallet/withdrawals', 'CANCEL')).toMatchObject({
      fail_reason: expect.stringMatching(/./),
      txid: '',
    });
    expect(await gate.list('/spot/accounts?currency=USDT')).toMatchObject([
      { available: '999999987.5' },
    ]);
  });

  it('is taken and then rejected for an address set up so', async () => {
    await gate.control('PUT', 'settings', { rejected_addresses: [ETH_ADDRESS] });
    await gate.withdraw();

    expect(await gate.until('/wallet/withdrawals', 'REJECT')).toMatchObject({
      txid: '',
      block_number: '0',
    });
  });

  it.each([
    ['a field is missing', { address: undefined }, 'MISSING_REQUIRED_PARAM'],
    ['the currency is unknown', { currency: 'NOPE' }, 'INVALID_CURRENCY'],
    ['the chain is guessed', { chain: 'ERC20' }, 'INVALID_PARAM_VALUE'],
    ['the address is of another chain', { address: TRX_ADDRESS }, 'INVALID_PARAM_VALUE'],
    ['the amount is a number', { amount: 12.5 }, 'INVALID_PARAM_VALUE'],
    ['the amount is negative', { amount: '-1' }, 'INVALID_PARAM_VALUE'],
    ['the amount has an exponent', { amount: '1e3' }, 'INVALID_PARAM_VALUE'],
    ['the amount is too fine', { amount: '12.1234567' }, 'INVALID_PRECISION'],
    ['the amount is too little', { amount: '1.99' }, 'AMOUNT_TOO_LITTLE'],
    ['the amount is too much', { amount: '10000000001' }, 'AMOUNT_TOO_MUCH'],
    ['the balance is too small', { amount: '1000000000.000001' }, 'BALANCE_NOT_ENOUGH'],
    ['the client id has a blank', { withdraw_order_id: 'a b' }, 'INVALID_CLIENT_ORDER_ID'],
    ['the client id is too long', { withdraw_order_id: 'x'.repeat(33) }, 'INVALID_CLIENT_ORDER_ID'],
  ])('is refused, and leaves no row, when %s', async (_why, change, label) => {
    const reply = await gate.withdraw(change);

    expect(reply.status).toBe(400);
    expect(labelOf(reply)).toBe(label);
    expect(await gate.payments()).toEqual([]);
  });

  it('is refused to a refused address, and to an unsaved one when only saved ones may be used', async () => {
    await gate.control('PUT', 'settings', { refused_addresses: [ETH_ADDRESS.toLowerCase()] });
    const refused = await gate.withdraw();
    const saved = {
      currency: 'USDT',
      chain: 'TRX',
      address: TRX_ADDRESS,
      name: 'treasury',
      tag: '',
      verified: '1',
    };
    await gate.control('PUT', 'settings', {
      refused_addresses: [],
      saved_addresses_only: true,
      saved_addresses: [saved],
    });

    expect(json(refused)).toMatchObject({
      label: 'INVALID_PARAM_VALUE',
      message: expect.stringContaining('verified addresses'),
    });
    expect(labelOf(await gate.withdraw())).toBe('INVALID_PARAM_VALUE');
    expect((await gate.withdraw({ chain: 'TRX', address: TRX_ADDRESS })).status).toBe(200);
    expect(await gate.list('/wallet/saved_address?currency=USDT')).toEqual([saved]);
  });

  it.each([
    ['text/plain', '{}', 'INVALID_CONTENT_TYPE'],
    ['application/json', '{"amount":', 'INVALID_REQUEST_BODY'],
    ['application/json', '[]', 'INVALID_REQUEST_BODY'],
  ])('is refused when the body is %s %s', async (contentType, body, label) => {
    expect(
      labelOf(await gate.call('POST', '/withdrawals', body, { 'Content-Type': contentType })),
    ).toBe(label);
  });
});

describe('a push to a user', () => {
  it('is free, has no client id, and ends as RECEIVED', async () => {
    const { id } = json(await gate.push());

    expect(await gate.until(`/wallet/push?id=${String(id)}`, 'RECEIVED')).toMatchObject({
      id,
      receive_uid: 12345678,
      currency: 'USDT',
      amount: '5',
    });
    expect(await gate.payments()).toMatchObject([
      { client_id: null, chain: null, destination: '12345678', amount: '5', net_amount: '5' },
    ]);
    expect(await gate.list('/wallet/withdrawals')).toEqual([]);
  });

  it('has an id that fits in 32 bits, as clients read it, and none comes twice', async () => {
    const ids = [json(await gate.push())['id'], json(await gate.push())['id']];
    await gate.control('POST', 'reset');
    ids.push(json(await gate.push())['id']);

    expect(new Set(ids).size).toBe(3);
    expect(ids.filter((id) => Number.isInteger(id) && Number(id) < 2 ** 31)).toEqual(ids);
  });

  it.each([
    [{ receive_uid: undefined }, 'MISSING_REQUIRED_PARAM'],
    [{ receive_uid: 10000001 }, 'INVALID_PARAM_VALUE'],
    [{ receive_uid: 1.5 }, 'INVALID_PARAM_VALUE'],
    [{ amount: '0' }, 'INVALID_PARAM_VALUE'],
    [{ currency: 'NOPE' }, 'INVALID_CURRENCY'],
  ])('is refused for %j', async (change, label) => {
    expect(labelOf(await gate.push(change))).toBe(label);
    expect(await gate.payments()).toEqual([]);
  });
});

describe('the records', () => {
  it('come newest first, in pages', async () => {
    for (const order of ['a', 'b', 'c']) await gate.withdraw({ withdraw_order_id: order });

    expect(
      (await gate.list('/wallet/withdrawals?limit=2')).map((row) => row['withdraw_order_id']),
    ).toEqual(['c', 'b']);
    expect(
      (await gate.list('/wallet/withdrawals?limit=2&offset=2')).map(
        (row) => row['withdraw_order_id'],
      ),
    ).toEqual(['a']);
    expect(
      (await gate.list('/wallet/withdrawals?limit=2&page=2')).map(
        (row) => row['withdraw_order_id'],
      ),
    ).toEqual(['a']);
    expect(labelOf(await gate.call('GET', '/wallet/withdrawals?page=0'))).toBe(
      'INVALID_PARAM_VALUE',
    );
    expect(await gate.list('/wallet/withdrawals?currency=BTC')).toEqual([]);
  });

  it('keep to the time window, also for a client id, but not for a withdraw_id', async () => {
    const { id } = json(await gate.withdraw());
    const past = 'from=1763000000&to=1763600000';

    expect(await gate.list(`/wallet/withdrawals?${past}&withdraw_order_id=order-1`)).toEqual([]);
    expect(await gate.list(`/wallet/withdrawals?${past}&withdraw_id=${String(id)}`)).toHaveLength(
      1,
    );
    expect(
      labelOf(await gate.call('GET', '/wallet/withdrawals?from=1760000000&to=1763600000')),
    ).toBe('INVALID_PARAM_VALUE');
    expect(labelOf(await gate.call('GET', '/wallet/withdrawals?limit=1001'))).toBe(
      'INVALID_PARAM_VALUE',
    );
  });

  it('show a payment only after the listing delay, while the book has it at once', async () => {
    await gate.control('PUT', 'settings', { listing_delay_ms: 60_000 });
    await gate.withdraw();

    expect(await gate.list('/wallet/withdrawals?withdraw_order_id=order-1')).toEqual([]);
    expect(await gate.payments()).toHaveLength(1);
  });
});

describe('the other reads', () => {
  it.each([
    '/spot/time',
    '/wallet/currency_chains?currency=USDT',
    '/spot/currencies',
    '/spot/currencies/USDT',
    '/spot/currency_pairs',
    '/options/underlyings',
  ])('%s is public', async (path) => {
    expect((await fetch(`${gate.url}/api/v4${path}`)).status).toBe(200);
  });

  it('returns the fee of each chain', async () => {
    expect(await gate.list('/wallet/withdraw_status?currency=USDT')).toMatchObject([
      { currency: 'USDT', withdraw_fix_on_chains: { ETH: '1', TRX: '1' } },
    ]);
  });

  it('returns the same entry for a single currency as the list, in upper or lower case', async () => {
    const [usdt] = await gate.list('/spot/currencies');

    expect(json(await gate.call('GET', '/spot/currencies/usdt'))).toEqual(usdt);
    expect(labelOf(await gate.call('GET', '/spot/currencies/NOPE'))).toBe('INVALID_CURRENCY');
  });

  it('adds up what there is, at fixed prices, in the currency that is asked for', async () => {
    const nothing = { USDC: '0', BTC: '0', TRX: '0', XRP: '0' };
    const balances = { ...nothing, USDT: '100.5', ETH: '2' };
    await gate.control('PUT', 'settings', { balances });
    const total = async (query: string): Promise<unknown> =>
      json(await gate.call('GET', `/wallet/total_balance${query}`))['total'];

    expect(await total('')).toEqual({ currency: 'USDT', amount: '8100.5' });
    expect(await total('?currency=BTC')).toEqual({ currency: 'BTC', amount: '0.081005' });
    expect(labelOf(await gate.call('GET', '/wallet/total_balance?currency=XRP'))).toBe(
      'INVALID_CURRENCY',
    );
  });

  it('lists no deposits', async () => {
    expect(await gate.list('/wallet/deposits?currency=USDT')).toEqual([]);
  });

  it('returns the owner of the account', async () => {
    expect(json(await gate.call('GET', '/account/detail'))).toMatchObject({
      user_id: 10000001,
      ip_whitelist: ['127.0.0.1'],
      key: { mode: 1 },
    });
  });

  it('answers an unknown path with NOT_FOUND', async () => {
    expect(labelOf(await gate.call('GET', '/wallet/nothing'))).toBe('NOT_FOUND');
  });
});

describe('the gate', () => {
  it('verifies the decoded query', async () => {
    expect(await gate.list('/wallet/withdrawals?withdraw_order_id=a%2Bb%20%D0%B7')).toEqual([]);
  });

  it('refuses a broken signature, an old timestamp and an undecodable query', async () => {
    expect(labelOf(await gate.call('GET', '/spot/accounts', '', { SIGN: 'f'.repeat(128) }))).toBe(
      'INVALID_SIGNATURE',
    );
    expect(
      labelOf(
        await gate.call('GET', '/spot/accounts', '', { Timestamp: `${Date.now() / 1000 - 61}` }),
      ),
    ).toBe('REQUEST_EXPIRED');
    const headers = { KEY: 'x', Timestamp: `${Date.now() / 1000}`, SIGN: 'x' };
    expect((await fetch(`${gate.url}/api/v4/spot/accounts?currency=%FF`, { headers })).status).toBe(
      401,
    );
  });

  it('refuses what a key is not permitted', async () => {
    const { other_keys } = json(await gate.control('GET', 'credentials')) as {
      other_keys: { name: string; api_key: string; api_secret: string }[];
    };
    const named = (name: string): GateioTestClient => {
      const key = other_keys.find((one) => one.name === name);
      if (!key) throw new Error(`no key ${name}`);
      return new GateioTestClient(gate.url, key);
    };

    expect(labelOf(await named('read_only').withdraw())).toBe('FORBIDDEN');
    expect(labelOf(await named('withdrawal_only').call('GET', '/wallet/withdrawals'))).toBe(
      'FORBIDDEN',
    );
    expect((await named('withdrawal_only').withdraw()).status).toBe(200);
  });

  it('accepts one chain withdrawal per three seconds, and returns the time of the next', async () => {
    await gate.control('PUT', 'settings', { rate_limits: { enabled: true } });
    const first = await gate.withdraw();
    const second = await gate.withdraw();

    expect(first.status).toBe(200);
    expect(first.headers.get('x-gate-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(first.headers.get('x-in-time'))).toBeGreaterThan(1e15);
    expect(second.status).toBe(429);
    expect(labelOf(second)).toBe('TOO_MANY_REQUESTS');
    expect(second.headers.get('x-gate-ratelimit-requests-remain')).toBe('0');
    expect((await gate.push()).status).toBe(200);
    expect(await gate.payments()).toHaveLength(2);
  });
});
