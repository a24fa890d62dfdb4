import { request } from 'node:http';
import { signBybit } from '@sluice/signing';
import { givenSimulator, json } from '../testing/test-client.js';
import {
  BybitTestClient,
  CANCEL,
  CREATE,
  codeOf,
  ETH_ADDRESS,
  RECORDS,
  resultOf,
  TRX_ADDRESS,
} from './bybit-test-client.js';

const simulator = givenSimulator('bybit');
let bybit: BybitTestClient;

beforeAll(async () => {
  bybit = await BybitTestClient.of(simulator.url);
});

beforeEach(async () => {
  await bybit.control('POST', 'reset');
  await bybit.settings({ rate_limits: { enabled: false }, status_ms: 40 });
});

describe('a chain withdrawal', () => {
  it('is answered with an id alone, gets a txID on the chain and ends in success; the fee comes on top', async () => {
    const { id } = resultOf(await bybit.withdraw({ requestId: 'request1' }));

    const done = await bybit.until('success');

    expect(done).toMatchObject({
      withdrawId: id,
      coin: 'USDT',
      chain: 'ETH',
      amount: '24',
      withdrawFee: '5',
      withdrawType: 0,
      toAddress: ETH_ADDRESS,
    });
    expect(done['txID']).toMatch(/^0x[0-9a-f]{64}$/);
    expect(done['createTime']).toMatch(/^\d{13}$/);
    expect(JSON.stringify(done)).not.toContain('request1');
    expect(await bybit.payments()).toMatchObject([
      {
        id,
        client_id: 'request1',
        currency: 'USDT',
        chain: 'ETH',
        destination: ETH_ADDRESS,
        memo: null,
        amount: '29',
        net_amount: '24',
        status: 'success',
      },
    ]);
  });

  it('with feeType 1 deducts the fee from the amount; a percentage fee is computed according to the manual', async () => {
    await bybit.withdraw({ feeType: 1 });
    await bybit.withdraw({ coin: 'MNT', amount: '100' });
    await bybit.withdraw({ coin: 'MNT', amount: '101', feeType: 1 });

    expect(await bybit.payments()).toMatchObject([
      { amount: '24', net_amount: '19' },
      { amount: '126', net_amount: '100' }, // 100 / 0.8 · 0.2 + 1
      { amount: '101', net_amount: '80' }, // 1 + (101 − 1) · 0.2
    ]);
  });

  it.each([
    ['create', [0, 0], 2],
    ['replay', [0, 0], 1],
    ['refuse', [0, 10014], 1],
  ])('a repeated requestId: %s', async (duplicate_client_id, codes, payments) => {
    await bybit.settings({ duplicate_client_id });

    const replies = [
      await bybit.withdraw({ requestId: 'same' }),
      await bybit.withdraw({ requestId: 'same' }),
    ];

    expect(replies.map(codeOf)).toEqual(codes);
    expect(await bybit.payments()).toHaveLength(payments);
    expect(
      new Set(replies.map((reply) => (json(reply)['result'] as { id?: string }).id)).size,
    ).toBe(duplicate_client_id === 'replay' ? 1 : 2);
  });

  it.each([
    ['coin in lower case', { coin: 'usdt' }, 131002],
    ['the name of a chain type', { chain: 'ERC20' }, 131002],
    ['no chain', { chain: undefined }, 10001],
    ['no accountType', { accountType: undefined }, 10001],
    ['an accountType of the past', { accountType: 'SPOT' }, 10001],
    ['a requestId with a hyphen', { requestId: 'a-b' }, 10001],
    ['a requestId of 33', { requestId: 'a'.repeat(33) }, 10001],
    ['an amount that is a number', { amount: 24 }, 10001],
    ['too many decimals', { amount: '24.1234567' }, 131002],
    ['less than the minimum', { amount: '9.9' }, 131096],
    ['more than the maximum', { amount: '10000001' }, 131096],
    [
      'more than there is',
      { coin: 'USDT', chain: 'TRX', address: TRX_ADDRESS, amount: '1000000000' },
      131001,
    ],
    ['an address of another chain', { address: TRX_ADDRESS }, 131002],
    ['a memo where none is wanted', { tag: '7' }, 131081],
    ['a timestamp that is text', { timestamp: '1' }, 10001],
    ['a timestamp of the past', { timestamp: Date.now() - 60_000 }, 131002],
    ['a beneficiary that is text', { beneficiary: '{}' }, 10001],
    ['a questionnaire that is an object', { questionnaire: {} }, 10001],
  ])('refuses %s', async (_what, change, code) => {
    const reply = await bybit.withdraw(change);

    expect(reply.status).toBe(200);
    expect(codeOf(reply)).toBe(code);
    expect(await bybit.payments()).toEqual([]);
  });

  it('goes to addresses of the book only where that is set: letter by letter, with the tag, and not while locked', async () => {
    const entry = {
      coin: 'USDT',
      chain: 'ETH',
      address: ETH_ADDRESS,
      tag: '',
      remark: '',
      status: 0,
      addressType: 0,
      verified: 1,
    };
    await bybit.settings({
      address_book_only: true,
      address_book: [entry, { ...entry, address: ETH_ADDRESS.toLowerCase(), status: 1 }],
    });

    expect(codeOf(await bybit.withdraw())).toBe(0);
    expect(codeOf(await bybit.withdraw({ address: ETH_ADDRESS.toLowerCase() }))).toBe(131098);
    expect(json(await bybit.withdraw({ address: `0x${'1'.repeat(40)}` }))['retMsg']).toBe(
      'Withdraw address chain or destination tag are not equal',
    );
    expect((await bybit.result('/v5/asset/withdraw/query-address?coin=USDT'))['rows']).toHaveLength(
      2,
    );
  });

  it('asks for the recipient where the site needs it', async () => {
    await bybit.settings({ site: 'TUR' });
    const questionnaire = {
      walletType: 1,
      legalType: 'individual',
      firstName: 'A',
      lastName: 'B',
      poiType: 'PASSPORT',
      poiNumber: '1',
    };
    const complete = {
      ...questionnaire,
      poiIssuingCountry: 'TUR',
      poiExpiredDate: '2030-01-01',
      transactionPurpose: 'paying a supplier abroad',
    };

    expect(codeOf(await bybit.withdraw())).toBe(131074);
    expect(codeOf(await bybit.withdraw({ questionnaire: JSON.stringify(questionnaire) }))).toBe(
      131002,
    );
    expect(codeOf(await bybit.withdraw({ questionnaire: JSON.stringify(complete) }))).toBe(0);
    expect(
      codeOf(
        await bybit.withdraw({
          beneficiary: { beneficiaryName: 'A B' },
          transactionPurpose: 'x'.repeat(20),
        }),
      ),
    ).toBe(0);
  });

  it('asks in Korea for a name at a listed exchange, and for who represents a company', async () => {
    await bybit.settings({ site: 'KOR' });
    const company = {
      walletType: 0,
      legalType: 'company',
      companyName: 'A',
      vaspCode: 'basic-finance',
    };
    const represented = { ...company, representativeFirstName: 'B', representativeLastName: 'C' };

    expect(codeOf(await bybit.withdraw({ beneficiary: { vaspEntityId: 'basic-finance' } }))).toBe(
      131002,
    );
    expect(codeOf(await bybit.withdraw({ beneficiary: { vaspEntityId: 'others' } }))).toBe(0);
    expect(
      codeOf(
        await bybit.withdraw({
          beneficiary: { vaspEntityId: 'basic-finance', beneficiaryName: 'A' },
        }),
      ),
    ).toBe(0);
    expect(codeOf(await bybit.withdraw({ questionnaire: JSON.stringify(company) }))).toBe(131002);
    expect(codeOf(await bybit.withdraw({ questionnaire: JSON.stringify(represented) }))).toBe(0);
  });
});

describe('a transfer inside the venue', () => {
  it('by user id is free, and shows only to who asks for it', async () => {
    await bybit.transfer();

    expect(await bybit.until('success')).toMatchObject({
      toAddress: '24600000',
      amount: '3',
      withdrawFee: '0',
      withdrawType: 1,
      chain: '',
    });
    expect(await bybit.records('')).toEqual([]);
    expect(await bybit.records('withdrawType=1')).toHaveLength(1);
  });

  it('happens by itself to an address of another account, unless the chain is forced', async () => {
    await bybit.settings({ internal_addresses: { [ETH_ADDRESS]: '24600000' } });
    await bybit.withdraw({ forceChain: 0 });
    await bybit.withdraw({ forceChain: 1 });

    expect((await bybit.records()).map((row) => row['withdrawType'])).toEqual([0, 1]);
  });

  it('requires a recipient other than the sender', async () => {
    expect(codeOf(await bybit.transfer({ address: '10000001' }))).toBe(131075);
    expect(codeOf(await bybit.transfer({ address: 'somebody' }))).toBe(131077);
  });
});

describe('a cancel', () => {
  it('returns 1 while possible, and 0 under the same retCode when it is too late', async () => {
    await bybit.settings({ status_ms: { SecurityCheck: 60_000 }, balances: { USDT: '29' } });
    const { id } = resultOf(await bybit.withdraw());

    expect(codeOf(await bybit.withdraw())).toBe(131001);
    expect(resultOf(await bybit.cancel(id))).toEqual({ status: 1 });
    expect(resultOf(await bybit.cancel(id))).toEqual({ status: 0 });
    expect(await bybit.until('CancelByUser')).toMatchObject({ withdrawId: id, txID: '' });
    expect(codeOf(await bybit.withdraw())).toBe(0);
  });

  it('needs an id that there is', async () => {
    expect(codeOf(await bybit.cancel('1'))).toBe(131002);
    expect(codeOf(await bybit.call('POST', CANCEL, '{}'))).toBe(10001);
  });
});

describe('the end of a payment', () => {
  it.each([
    ['rejected_addresses', 'Reject'],
    ['failed_addresses', 'Fail'],
    ['questioned_addresses', 'success'],
  ])('%s ends in %s', async (setting, status) => {
    await bybit.settings({ [setting]: [ETH_ADDRESS] });
    await bybit.withdraw();

    const row = await bybit.until(status);

    expect(row['txID'] === '').toBe(status !== 'success');
  });
});

describe('a scripted payment', () => {
  it('shows statuses without a documented order, and undocumented statuses', async () => {
    await bybit.settings({ scripts: { [ETH_ADDRESS]: ['Unknown', 'Brandnew'] } });
    await bybit.withdraw();

    expect(await bybit.until('Brandnew')).toMatchObject({ txID: '' });
  });
});

describe('the records', () => {
  it('are paged by a cursor with equals signs, signed as sent', async () => {
    for (let n = 0; n < 5; n++) await bybit.withdraw({ amount: `2${n}` });
    const seen: unknown[] = [];

    for (let cursor = ''; seen.length < 10;) {
      const { rows, nextPageCursor } = (await bybit.result(
        `${RECORDS}?withdrawType=2&limit=2&cursor=${encodeURIComponent(cursor)}`,
      )) as {
        rows: { amount: string }[];
        nextPageCursor: string;
      };
      seen.push(...rows.map(({ amount }) => amount));
      if (nextPageCursor === '') break;
      expect(nextPageCursor).toMatch(/=$/);
      cursor = nextPageCursor;
    }

    expect(seen).toEqual(['24', '23', '22', '21', '20']);
  });

  it('can be narrowed by id, coin and time, over less than 30 days', async () => {
    const { id } = resultOf(await bybit.withdraw());
    const now = Date.now();

    expect(await bybit.records(`withdrawID=${String(id)}`)).toHaveLength(1);
    expect(await bybit.records('coin=USDC')).toEqual([]);
    expect(await bybit.records(`endTime=${now - 60_000}`)).toEqual([]);
    expect(
      codeOf(
        await bybit.call('GET', `${RECORDS}?startTime=${now - 30 * 86_400_000}&endTime=${now}`),
      ),
    ).toBe(10001);
    for (const wrong of [
      'limit=51',
      'limit=0',
      'withdrawType=3',
      'withdrawType=constructor',
      'cursor=x',
      'startTime=soon',
    ])
      expect(codeOf(await bybit.call('GET', `${RECORDS}?${wrong}`))).toBe(10001);
  });
});

describe('the limits', () => {
  it('are sent in headers, and exceeded limits return 10006 and the time of reset', async () => {
    await bybit.settings({
      rate_limits: {
        enabled: true,
        create: { requests: 5, per_ms: 60_000 },
        pair: { requests: 100, per_ms: 1_000 },
      },
    });

    const replies = [];
    for (let n = 0; n < 6; n++) replies.push(await bybit.withdraw());

    expect(replies.map(codeOf)).toEqual([0, 0, 0, 0, 0, 10006]);
    expect(replies[0]?.headers.get('x-bapi-limit')).toBe('5');
    expect(replies[0]?.headers.get('x-bapi-limit-status')).toBe('4');
    expect(Number(replies[5]?.headers.get('x-bapi-limit-reset-timestamp'))).toBeGreaterThan(
      Date.now() - 10,
    );
  });

  it.each([131082, 10006])(
    'one withdrawal per coin and chain, else %s; another chain is another pair',
    async (pair_limit_code) => {
      await bybit.settings({ rate_limits: { enabled: true }, pair_limit_code });

      expect(codeOf(await bybit.withdraw())).toBe(0);
      expect(codeOf(await bybit.withdraw())).toBe(pair_limit_code);
      expect(codeOf(await bybit.withdraw({ chain: 'TRX', address: TRX_ADDRESS }))).toBe(0);
      expect(await bybit.payments()).toHaveLength(2);
    },
  );

  it('the limit of a pair returns 10006 with its own end, and clients wait', async () => {
    await bybit.settings({
      rate_limits: { enabled: true, pair: { requests: 1, per_ms: 60_000 } },
      pair_limit_code: 10006,
    });
    const before = Date.now();
    await bybit.withdraw();
    const { headers } = await bybit.withdraw();

    expect([headers.get('x-bapi-limit'), headers.get('x-bapi-limit-status')]).toEqual(['1', '0']);
    expect(Number(headers.get('x-bapi-limit-reset-timestamp'))).toBeGreaterThanOrEqual(
      before + 60_000,
    );
  });

  it('an address that calls too often is turned away until it has been silent', async () => {
    await bybit.settings({
      rate_limits: { enabled: true, ip: { requests: 2, per_ms: 60_000 }, ip_ban_ms: 200 },
    });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await bybit.call('GET', '/v5/market/time')).status);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await bybit.settings({ rate_limits: { enabled: false } });

    expect(statuses).toEqual([200, 200, 403, 403]);
    expect((await bybit.call('GET', '/v5/market/time')).status).toBe(200);
  });
});

describe('request checks', () => {
  it('the error for a wrong secret contains the signed string', async () => {
    const reply = await bybit.call('GET', `${RECORDS}?coin=USDT`, '', {
      'X-BAPI-SIGN': 'f'.repeat(64),
    });

    expect(json(reply)).toMatchObject({
      retCode: 10004,
      retMsg: expect.stringContaining('5000coin=USDT]') as string,
    });
  });

  it('the error for an expired timestamp contains both clocks', async () => {
    const reply = await bybit.call('GET', RECORDS, '', { 'X-BAPI-TIMESTAMP': '1690000000000' });

    expect(json(reply)).toMatchObject({
      retCode: 10002,
      retMsg: expect.stringContaining('req_timestamp[1690000000000],server_timestamp[') as string,
    });
  });

  it('keys without the right, and keys of a sub-account, cannot pay', async () => {
    const [reader, sub] = [
      await BybitTestClient.of(simulator.url, 'read_only'),
      await BybitTestClient.of(simulator.url, 'sub_account'),
    ];

    expect([
      codeOf(await reader.withdraw()),
      codeOf(await sub.withdraw()),
      codeOf(await sub.call('GET', RECORDS)),
    ]).toEqual([10005, 10005, 10005]);
    expect(await reader.records()).toEqual([]);
  });

  it('unknown paths are 404, broken JSON is a parameter error', async () => {
    expect((await bybit.call('GET', '/v5/nowhere')).status).toBe(404);
    expect(codeOf(await bybit.call('POST', CREATE, '{'))).toBe(10001);
    expect(codeOf(await bybit.call('POST', CREATE, '[]'))).toBe(10001);
  });

  it('what clients read beside it is there', async () => {
    expect((await bybit.result('/v5/asset/coin/query-info'))['rows']).toHaveLength(7);
    expect(await bybit.result('/v5/asset/withdraw/withdrawable-amount?coin=USDT')).toMatchObject({
      withdrawableAmount: { FUND: { coin: 'USDT' } },
    });
    expect(
      await bybit.result(
        '/v5/asset/transfer/query-account-coins-balance?accountType=FUND&coin=USDT%2CETH',
      ),
    ).toMatchObject({
      accountType: 'FUND',
    });
    expect(
      await bybit.result('/v5/asset/transfer/query-account-coin-balance?accountType=FUND&coin=ETH'),
    ).toMatchObject({ balance: { coin: 'ETH' } });
    expect(await bybit.result('/v5/asset/withdraw/vasp/list')).toHaveProperty('vasp');
    expect(await bybit.result('/v5/market/time')).toHaveProperty('timeNano');
    expect(await bybit.result('/v5/market/instruments-info?category=spot')).toMatchObject({
      list: [],
    });
    expect(await bybit.result('/v5/user/query-api')).toMatchObject({ uta: 1 });
    expect(await bybit.result('/v5/account/info')).toMatchObject({ unifiedMarginStatus: 6 });
  });

  it.each(['query-record', 'query-internal-record'])('lists no deposits at %s', async (path) => {
    expect(await bybit.result(`/v5/asset/deposit/${path}?coin=USDT`)).toEqual({
      rows: [],
      nextPageCursor: '',
    });
  });

  it('returns the transferable amounts of up to 20 coins', async () => {
    await bybit.settings({ balances: { USDT: '12.5', ETH: '0' } });
    const path = '/v5/account/withdrawal';

    expect(await bybit.result(`${path}?coinName=USDT%2CETH`)).toEqual({
      availableWithdrawal: '12.5',
      availableWithdrawalMap: { USDT: '12.5', ETH: '0' },
    });
    expect(codeOf(await bybit.call('GET', path))).toBe(10001);
    expect(codeOf(await bybit.call('GET', `${path}?coinName=NOPE`))).toBe(10001);
  });
});

describe('what clients send', () => {
  it('ccxt: a bare question mark behind a path without query, no sign type, a referer', async () => {
    expect(codeOf(await bybit.call('GET', `${RECORDS}?`, '', { Referer: 'CCXT' }))).toBe(0);
  });

  it('bybit-api: a sign type, an encoded comma, a referer of its own', async () => {
    const target =
      '/v5/asset/transfer/query-account-coins-balance?accountType=UNIFIED&coin=USDT%2CETH';
    const reply = await bybit.call('GET', target, '', {
      'X-BAPI-SIGN-TYPE': '2',
      'x-referer': 'bybitapinode',
      'Content-Type': 'application/json',
    });

    expect((resultOf(reply)['balance'] as object[]).length).toBe(2);
  });

  it('pybit: blanks in the body, which is signed with them', async () => {
    const order = {
      coin: 'USDT',
      chain: 'TRX',
      address: TRX_ADDRESS,
      amount: '24',
      timestamp: Date.now(),
      accountType: 'FUND',
      requestId: 'a1',
    };

    expect(
      codeOf(
        await bybit.call(
          'POST',
          CREATE,
          JSON.stringify(order).replaceAll(',', ', ').replaceAll('":', '": '),
        ),
      ),
    ).toBe(0);
  });

  it('a decoded cursor that was signed encoded is a wrong signature', async () => {
    const sent = await bybit.call('GET', `${RECORDS}?cursor=a==`);
    const { 'X-BAPI-SIGN': sign, timestamp } = await signedFor('cursor=a%3D%3D');
    const reply = await bybit.call('GET', `${RECORDS}?cursor=a==`, '', {
      'X-BAPI-SIGN': sign,
      'X-BAPI-TIMESTAMP': timestamp,
    });

    expect([codeOf(sent), codeOf(reply)]).toEqual([10001, 10004]);
  });

  it('names outside ASCII, encoded', async () => {
    expect(
      (await bybit.result('/v5/asset/withdraw/query-address?chain=%C3%96l%20%26%20co%2F%2B'))[
        'rows'
      ],
    ).toEqual([]);
  });

  it('a GET with a body is turned away', async () => {
    const { status } = await new Promise<{ status: number | undefined }>((resolve, reject) => {
      const call = request(
        `${simulator.url}${RECORDS}`,
        { method: 'GET', headers: { 'content-length': '2' } },
        (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode });
        },
      );
      call.once('error', reject).end('{}');
    });

    expect(status).toBe(403);
  });
});

async function signedFor(query: string): Promise<{ 'X-BAPI-SIGN': string; timestamp: string }> {
  const { api_key: apiKey, api_secret: secret } = (await (
    await fetch(`${simulator.url}/_sim/credentials`)
  ).json()) as Record<string, string>;
  const timestamp = String(Date.now());
  const signed = {
    method: 'GET',
    query,
    body: '',
    apiKey: apiKey ?? '',
    timestamp,
    recvWindow: '5000',
  };
  return { 'X-BAPI-SIGN': signBybit(secret ?? '', signed), timestamp };
}
