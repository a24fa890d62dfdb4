import { generateKeyPairSync } from 'node:crypto';
import { givenLibrary } from '../testing/library-client.js';

const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';

interface Answer<T> {
  readonly retCode: number;
  readonly result: T;
}
interface Limited extends Answer<unknown> {
  readonly rateLimitApi: object;
}
interface Records {
  readonly rows: readonly { readonly withdrawId: string }[];
  readonly nextPageCursor: string;
}

const given = givenLibrary('bybit', 'bybit-api', { options: { parseAPIRateLimits: true } });

function order(change: object = {}): object {
  return {
    coin: 'USDT',
    chain: 'ETH',
    address: ETH_ADDRESS,
    amount: '24.000001',
    timestamp: Date.now(),
    forceChain: 0,
    accountType: 'FUND',
    ...change,
  };
}

describe('bybit-api', () => {
  it('withdraws to an address and reads the record', async () => {
    const { retCode, result } = await given.client.call<Answer<{ id: string }>>(
      'submitWithdrawal',
      order({ requestId: 'r1' }),
    );

    expect(retCode).toBe(0);
    expect(await given.simulator.control.payments()).toMatchObject([
      { id: result.id, client_id: 'r1', amount: '29.000001', net_amount: '24.000001' },
    ]);
    const row = {
      withdrawId: result.id,
      coin: 'USDT',
      chain: 'ETH',
      amount: '24.000001',
      withdrawFee: '5',
      status: 'SecurityCheck',
      withdrawType: 0,
      txID: '',
    };
    expect(
      await given.client.call('getWithdrawalRecords', {
        coin: 'USDT',
        withdrawType: 2,
        startTime: Date.now() - 60_000,
      }),
    ).toMatchObject({
      result: { rows: [row] },
    });
    expect(
      await given.client.call('getWithdrawalRecords', { withdrawID: result.id }),
    ).toMatchObject({ result: { rows: [row] } });
  });

  it('withdraws to a user id, and pages through records by cursor', async () => {
    for (const change of [
      { forceChain: 2, address: '10000002', chain: undefined },
      { feeType: 1 },
      { chain: 'ARBI', accountType: 'FUND,UTA,EARN' },
    ])
      expect(await given.client.call('submitWithdrawal', order(change))).toMatchObject({
        retCode: 0,
      });

    const seen: string[] = [];
    for (let cursor: string | undefined; cursor !== '';) {
      const { result } = await given.client.call<Answer<Records>>('getWithdrawalRecords', {
        withdrawType: 2,
        limit: 1,
        ...(cursor && { cursor }),
      });
      seen.push(...result.rows.map(({ withdrawId }) => withdrawId));
      cursor = result.nextPageCursor;
    }
    expect(seen).toEqual(
      (await given.simulator.control.payments()).map(({ id }) => id).toReversed(),
    );
  });

  it('cancels, and receives a refusal under a success code when it is too late', async () => {
    const { result } = await given.client.call<Answer<{ id: string }>>('submitWithdrawal', order());

    expect(await given.client.call('cancelWithdrawal', result.id)).toMatchObject({
      retCode: 0,
      result: { status: 1 },
    });
    expect(await given.client.call('cancelWithdrawal', result.id)).toMatchObject({
      retCode: 0,
      result: { status: 0 },
    });
    expect(await given.client.call('getWithdrawalRecords', {})).toMatchObject({
      result: { rows: [{ status: 'CancelByUser', txID: '' }] },
    });
  });

  it('reads coins, balances, addresses, recipients of the Travel Rule and the clock', async () => {
    const entry = {
      coin: 'USDT',
      chain: 'ETH',
      address: ETH_ADDRESS,
      tag: '',
      remark: 'cold',
      status: 0,
      addressType: 0,
      verified: 1,
    };
    await given.simulator.control.settings({ address_book: [entry] });

    expect(await given.client.call('getCoinInfo', 'USDT')).toMatchObject({
      result: {
        rows: [{ coin: 'USDT', chains: [{ chain: 'ETH', withdrawFee: '5' }, {}, {}, {}] }],
      },
    });
    expect(await given.client.call('getWithdrawableAmount', { coin: 'USDT' })).toMatchObject({
      result: { withdrawableAmount: { FUND: { availableBalance: '1000000000' } } },
    });
    expect(
      await given.client.call('getAllCoinsBalance', { accountType: 'FUND', coin: 'USDT,BTC' }),
    ).toMatchObject({
      result: { balance: [{ coin: 'USDT' }, { coin: 'BTC' }] },
    });
    expect(await given.client.call('getWithdrawalAddressList', { coin: 'USDT' })).toMatchObject({
      result: { rows: [{ ...entry, createdAt: expect.any(String) }] },
    });
    expect(await given.client.call('getExchangeEntities')).toMatchObject({ retCode: 0 });
    expect(await given.client.call('getServerTime')).toMatchObject({
      retCode: 0,
      result: { timeSecond: expect.any(String) },
    });
    expect(await given.client.call('getQueryApiKey')).toMatchObject({
      result: { permissions: { Wallet: ['Withdraw'] } },
    });
  });

  it('reads the limits in each response, and receives an error for exceeded limits', async () => {
    const replies = await given.client.burst(6, 'submitWithdrawal', order());

    const answers = replies.map((reply) => ('value' in reply ? (reply.value as Limited) : null));
    expect(answers.map((answer) => answer?.retCode).toSorted()).toEqual([
      0, 10006, 131082, 131082, 131082, 131082,
    ]);
    expect(answers.find((answer) => answer?.retCode === 0)?.rateLimitApi).toMatchObject({
      maxRequests: 5,
      remainingRequests: 4,
    });
    expect(answers.find((answer) => answer?.retCode === 10006)).toMatchObject({
      retMsg: 'Too many visits!',
      rateLimitApi: { remainingRequests: 0, resetAtTimestamp: expect.any(Number) },
    });
    expect(await given.simulator.control.payments()).toHaveLength(1);
  });

  it.each([
    ['more than there is', { amount: '9000000000', chain: 'ARBI' }, 131001],
    ['more than a chain takes', { amount: '10000001' }, 131096],
    ['too many decimals', { amount: '24.0000001' }, 131002],
    ['a chain by its trivial name', { chain: 'TRC20' }, 131002],
    ['a coin in lower case', { coin: 'usdt' }, 131002],
    ['a body timestamp out of the window', { timestamp: 1_672_196_561_407 }, 131002],
    ['no timestamp in the body', { timestamp: undefined }, 10001],
    ['no account type', { accountType: undefined }, 10001],
    ['an id with hyphens', { requestId: '7d444840-9dc0-11d1-b245-5ffdce74fad2' }, 10001],
    ['a tag where none is wanted', { tag: '1' }, 131081],
    ['oneself', { forceChain: 2, address: '10000001' }, 131075],
  ])(
    'refuses %s under HTTP 200, which the library does not throw',
    async (_what, change, retCode) => {
      expect(await given.client.call('submitWithdrawal', order(change))).toMatchObject({
        retCode,
        result: {},
      });
      expect(await given.simulator.control.payments()).toEqual([]);
    },
  );

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 10004],
    ['an unknown key', { key: 'unknown' }, 10003],
    ['a clock behind the receive window', { clockOffMs: -6_000 }, 10002],
    ['a key without the right to withdraw', { keyName: 'read_only' }, 10005],
  ])('refuses %s', async (_what, change, retCode) => {
    const misconfigured = await given.simulator.client('bybit-api', change);

    expect(await misconfigured.call('submitWithdrawal', order())).toMatchObject({ retCode });
  });

  it('signs with RSA where its secret is a private key', async () => {
    const { publicKey, privateKey: secret } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const [key, rsa_public_key] = ['rsa-key', publicKey];
    await given.simulator.control.bringKey({ name: 'rsa', api_key: key, rsa_public_key });
    const client = await given.simulator.client('bybit-api', { key, secret });

    expect(await client.call('submitWithdrawal', order())).toMatchObject({ retCode: 0 });
    expect(await given.simulator.control.payments()).toHaveLength(1);
  });

  it('lists no deposits', async () => {
    expect(await given.client.call('getDepositRecords', { coin: 'USDT' })).toMatchObject({
      retCode: 0,
      result: { rows: [] },
    });
  });

  it('throws the message of an HTTP error', async () => {
    await given.simulator.control.arm('POST /v5/asset/withdraw/create', 'refuse_with', {
      http_status: 503,
      body: '{"retCode":10016,"retMsg":"Server error."}',
    });

    expect(await given.client.failure('submitWithdrawal', order())).toMatchObject({
      type: 'Object',
      code: 503,
      body: { retCode: 10016 },
    });
  });
});
