import type { WithdrawalOrder } from '@sluice/connector-rules';
import type { VenueAnswer, VenueRequest } from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import { signBybit } from '@sluice/signing';
import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { BybitAdapter, type BybitPolicy } from './bybit.adapter.js';
import { BybitAddressBook } from './bybit.address-book.js';
import { bybitCapabilities } from './bybit.capabilities.js';
import { BybitClient, type BybitPace } from './bybit.client.js';

const EVM = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const RECORDS = '/v5/asset/withdraw/query-record';
const BOOK = '/v5/asset/withdraw/query-address';
const CANCEL = '/v5/asset/withdraw/cancel';
const POLICY: BybitPolicy = {
  accountTypes: ['FUND'],
  travelRule: { required: false, recipients: {} },
};
const ENDLESS: Pick<BybitPace, 'turn' | 'silence'> = {
  turn: () => Promise.resolve(true),
  silence: () => Promise.resolve(),
};

/** The time of the venue is known. */
const CLOCK = { earliest: () => new Date(), observe: () => undefined };

/** Answers of the venue by path, each once while there are more; only the wire is ours to fake. */
function givenVenue(
  answers: Readonly<Record<string, readonly object[]>>,
  policy = POLICY,
  pace = ENDLESS,
) {
  const sent: VenueRequest[] = [];
  const wire = {
    call: (request: VenueRequest): Promise<VenueAnswer> => {
      const path = request.path.split('?', 1)[0] ?? '';
      const before = sent.filter((one) => one.path.startsWith(path)).length;
      sent.push(request);
      const result = answers[path]?.[before] ?? answers[path]?.at(-1);
      if (!result)
        return Promise.resolve({
          kind: 'broken',
          cause: 'text',
          status: 403,
          text: '403, access too frequent',
        });
      return Promise.resolve({
        kind: 'answer',
        status: 200,
        headers: {},
        text: '',
        json: { retCode: 0, retMsg: '', result, time: Date.now() },
      });
    },
  };
  const options = {
    apiKey: 'k',
    apiSecret: new Secret('s'),
    submitTimeoutMs: 1,
  };
  const client = new BybitClient(wire, CLOCK, options, pace);
  return {
    sent,
    adapter: new BybitAdapter(
      bybitCapabilities(1_000),
      client,
      new BybitAddressBook(client),
      policy,
    ),
  };
}

const book = (...addresses: string[]) => ({
  rows: addresses.map((address) => ({ coin: 'USDT', chain: 'ETH', address })),
  nextPageCursor: '',
});
const order: WithdrawalOrder = {
  withdrawalId: '01932d5a-7c3e-7f00-8000-0123456789ab',
  form: 'chain',
  asset: 'USDT.ARB',
  amount: Amount.of('12.50', 'USDT.ARB'),
  destination: { type: 'address', address: EVM },
  clientReference: 'ref1',
  accountId: 'account 1',
  fee: Amount.of('0.5', 'USDT.ARB'),
  digest: 'a digest',
  signerReceipt: null,
};
const uid = (value: string): WithdrawalOrder => ({
  ...order,
  form: 'uid',
  destination: { type: 'venue_account', kind: 'uid', value },
});

async function bodyOf(
  wanted: WithdrawalOrder,
  answers: Readonly<Record<string, readonly object[]>> = { [BOOK]: [book()] },
  policy = POLICY,
) {
  const preparation = await givenVenue(answers, policy).adapter.prepare(wanted);
  if (preparation.kind !== 'ready') throw new Error(JSON.stringify(preparation));
  return JSON.parse(preparation.request.body) as Record<string, unknown>;
}

describe('prepare', () => {
  it('asks for exactly the amount on the chain, the fee on top, under our key', async () => {
    const before = Date.now();
    const { timestamp, ...body } = await bodyOf(order);
    const after = Date.now();

    expect(body).toEqual({
      coin: 'USDT',
      chain: 'ARBI',
      address: EVM,
      forceChain: 1,
      amount: '12.5',
      accountType: 'FUND',
      feeType: 0,
      requestId: 'ref1',
    });
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(after);
  });

  it('keeps every digit of the amount, whatever it is', () =>
    fc.assert(
      fc.asyncProperty(
        fc.stringMatching(/^[1-9][0-9]{0,19}(\.[0-9]{0,17}[1-9])?$/),
        async (amount) => {
          expect(
            await bodyOf({ ...uid('24600000'), amount: Amount.of(amount, order.asset) }, {}),
          ).toMatchObject({
            amount,
            feeType: 0,
          });
        },
      ),
    ));

  it('sends the tag where there is one, and none where there is none', async () => {
    const ripple: WithdrawalOrder = {
      ...order,
      asset: 'XRP.XRP',
      amount: Amount.of('12.5', 'XRP.XRP'),
      destination: { type: 'address', address: 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh', memo: '7' },
    };

    expect(await bodyOf(ripple, {})).toMatchObject({ chain: 'XRP', tag: '7' });
    expect(await bodyOf(order)).not.toHaveProperty('tag');
  });

  it('writes an EVM address as the address book does, and leaves one alone that it does not know', async () => {
    expect(await bodyOf(order, { [BOOK]: [book(EVM.toLowerCase())] })).toMatchObject({
      address: EVM.toLowerCase(),
    });
    expect(await bodyOf(order, { [BOOK]: [book(EVM.toLowerCase(), EVM)] })).toMatchObject({
      address: EVM,
    });
    expect(
      await bodyOf(order, { [BOOK]: [book('TUu2rLFrmzUodiWfYki7QCNtv1akL682p1')] }),
    ).toMatchObject({ address: EVM });
  });

  it('reads the whole book, page by page, once a minute', async () => {
    const first = { ...book(`0x${'1'.repeat(40)}`), nextPageCursor: 'a=' };
    const { adapter, sent } = givenVenue({ [BOOK]: [first, book(EVM.toLowerCase())] });

    const preparation = await adapter.prepare(order);
    await adapter.prepare(order);

    expect(preparation.kind === 'ready' && preparation.request.body).toContain(EVM.toLowerCase());
    expect(sent.map(({ path }) => path)).toEqual([
      `${BOOK}?limit=50`,
      `${BOOK}?limit=50&cursor=a%3D`,
    ]);
  });

  it('waits while the book cannot be read', async () => {
    expect((await givenVenue({}).adapter.prepare(order)).kind).toBe('not_ready');
  });

  it('pays a UID inside Bybit, without a chain', async () => {
    const { timestamp, ...body } = await bodyOf(uid('24600000'), {});

    expect(body).toEqual({
      coin: 'USDT',
      address: '24600000',
      forceChain: 2,
      amount: '12.5',
      accountType: 'FUND',
      feeType: 0,
      requestId: 'ref1',
    });
    expect(timestamp).toEqual(expect.any(Number));
  });

  it.each(['abc', '0', '-1', '1.5', '012345', ''])(
    'refuses the UID %j before any call',
    async (value) => {
      expect(await givenVenue({}).adapter.prepare(uid(value))).toMatchObject({
        kind: 'refused',
        reason: 'invalid_destination',
      });
    },
  );

  it('reports about the recipient what is on record; where the site needs it, nothing is sent without', async () => {
    const policy: BybitPolicy = {
      ...POLICY,
      travelRule: {
        required: true,
        recipients: { '24600000': { questionnaire: { walletType: 0 } } },
      },
    };

    expect(await bodyOf(uid('24600000'), {}, policy)).toMatchObject({
      questionnaire: '{"walletType":0}',
    });
    expect(await givenVenue({}, policy).adapter.prepare(uid('24600001'))).toMatchObject({
      kind: 'refused',
      reason: 'travel_rule',
    });
  });
});

describe('a listing', () => {
  const window = {
    form: 'chain',
    from: new Date(1_742_000_000_000),
    to: new Date(1_742_000_060_000),
    offset: 0,
  };
  const row = { withdrawId: '1', createTime: '1742738305000', status: 'success' };

  it('asks for every kind of withdrawal, signed as it is sent, and goes on by the cursor', async () => {
    const { adapter, sent } = givenVenue({
      [RECORDS]: [{ rows: [row], nextPageCursor: 'eyJ9==' }],
    });

    const first = await adapter.list(window);
    await adapter.list({ ...window, cursor: 'eyJ9==' });

    expect(first).toMatchObject({ kind: 'page', last: false, next: 'eyJ9==' });
    expect(sent[0]?.path).toBe(
      `${RECORDS}?withdrawType=2&startTime=1742000000000&endTime=1742000060000&limit=50`,
    );
    const [, query = ''] = sent[1]?.path.split('?') ?? [];
    expect(query).toMatch(/&cursor=eyJ9%3D%3D$/);
    const {
      'X-BAPI-SIGN': sign,
      'X-BAPI-TIMESTAMP': timestamp = '',
      ...headers
    } = sent[1]?.headers ?? {};
    expect(sign).toBe(
      signBybit('s', {
        method: 'GET',
        query,
        body: '',
        apiKey: 'k',
        timestamp,
        recvWindow: '5000',
      }),
    );
    expect(headers).not.toHaveProperty('Content-Type');
    expect(sent[1]).not.toHaveProperty('body');
  });

  it('never asks for 30 days or more', async () => {
    const { adapter, sent } = givenVenue({ [RECORDS]: [{ rows: [], nextPageCursor: '' }] });

    await adapter.list({ ...window, to: new Date(1_842_000_000_000) });

    const query = new URLSearchParams(sent[0]?.path.split('?')[1]);
    expect(Number(query.get('endTime')) - Number(query.get('startTime'))).toBe(30 * 86_400_000 - 1);
  });

  it('puts a row aside that cannot be read', async () => {
    const { adapter } = givenVenue({
      [RECORDS]: [
        { rows: [row, { status: 'success' }], nextPageCursor: '' },
        { rows: [row], nextPageCursor: '' },
      ],
    });

    expect(await adapter.list(window)).toMatchObject({
      kind: 'page',
      records: [{}],
      unreadable: [
        { field: 'withdrawId', value: 'missing', draft: { status: { kind: 'settled' } } },
      ],
    });
    expect(await adapter.list(window)).not.toHaveProperty('unreadable');
  });
});

describe('a cancel that answers 0', () => {
  const rows = (status: string) => [
    { rows: [{ withdrawId: '7', createTime: '1742738305000', status }], nextPageCursor: '' },
  ];

  it.each(['SecurityCheck', 'Pending', 'BlockchainConfirmed', 'success', 'Reject', 'Fail'])(
    'is refused while the status of the record is %s',
    async (status) => {
      const { adapter } = givenVenue({ [CANCEL]: [{ status: 0 }], [RECORDS]: rows(status) });

      expect((await adapter.cancel('7')).kind).toBe('refused');
    },
  );

  it('was carried out before, if the record is cancelled', async () => {
    const { adapter } = givenVenue({ [CANCEL]: [{ status: 0 }], [RECORDS]: rows('CancelByUser') });

    expect(await adapter.cancel('7')).toEqual({ kind: 'requested' });
  });

  it('is asked again when the record cannot be read', async () => {
    expect((await givenVenue({ [CANCEL]: [{ status: 0 }] }).adapter.cancel('7')).kind).toBe(
      'unknown',
    );
  });
});

describe('a 403', () => {
  it('silences everything for more than ten minutes', async () => {
    const silences: number[] = [];
    const { adapter } = givenVenue({}, POLICY, {
      ...ENDLESS,
      silence: async (ms) => void silences.push(ms),
    });

    const outcome = await adapter.submit({
      form: 'uid',
      body: '{}',
      gross: Amount.of('1', order.asset),
      evidence: {},
    });

    expect(outcome.kind).toBe('not_sent');
    expect(silences).toEqual([610_000]);
  });

  it('is not answered by a call: without a turn nothing leaves', async () => {
    const { adapter, sent } = givenVenue({ [RECORDS]: [{ rows: [] }] }, POLICY, {
      ...ENDLESS,
      turn: () => Promise.resolve(false),
    });

    expect(
      (await adapter.list({ form: 'chain', from: new Date(), to: new Date(), offset: 0 })).kind,
    ).toBe('unavailable');
    expect((await adapter.cancel('7')).kind).toBe('unknown');
    expect(sent).toEqual([]);
  });
});
