import type { WithdrawalOrder } from '@sluice/connector-rules';
import type { VenueAnswer, VenueRequest } from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import { verifyBitmart } from '@sluice/signing';
import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { BitmartAdapter } from './bitmart.adapter.js';
import { bitmartCapabilities } from './bitmart.capabilities.js';
import { BitmartClient } from './bitmart.client.js';
import { withdrawalRecord } from './bitmart.mapping.js';
import { BitmartTerms } from './bitmart.terms.js';

const LATER = new Date('2099-01-01T00:00:00Z');
const ok = (data: unknown): VenueAnswer => ({
  kind: 'answer',
  status: 200,
  headers: {},
  text: '',
  json: { code: 1000, message: 'OK', data },
});
const TERMS = {
  '/account/v1/currencies': ok({
    currencies: [{ currency: 'USDT-TRC20' }, { currency: 'USDT-ETH' }, { currency: 'XRP' }],
  }),
  '/account/v1/withdraw/charge': ok({ withdraw_fee: '1.05' }),
};

/** Answers of the venue by path; only the wire is ours to fake. */
function givenAdapter(
  answers: Readonly<Record<string, VenueAnswer>> = TERMS,
  rules: { readonly amountIs?: 'gross' | 'net'; readonly refuseFrom?: Date } = {},
) {
  const sent: VenueRequest[] = [];
  const read: number[] = [];
  const call = (request: VenueRequest): Promise<VenueAnswer> => {
    sent.push(request);
    return Promise.resolve(
      answers[request.path.split('?', 1)[0] ?? ''] ?? {
        kind: 'broken',
        cause: 'nothing there',
        status: 500,
        text: '',
      },
    );
  };
  const options = {
    apiKey: 'k',
    apiSecret: new Secret('s'),
    memo: new Secret('a #memo'),
    baseUrl: 'https://venue.test',
    submitTimeoutMs: 1,
  };
  const client = new BitmartClient(
    { call },
    { earliest: () => new Date(), observe: ({ timeMs }) => void read.push(timeMs) },
    options,
    { turn: () => Promise.resolve() },
  );
  const adapter = new BitmartAdapter(bitmartCapabilities(1_000), client, new BitmartTerms(client), {
    amountIs: 'gross',
    refuseFrom: LATER,
    ...rules,
  });
  return { adapter, read, sent };
}

const anOrder = (change: Partial<WithdrawalOrder> = {}): WithdrawalOrder => ({
  withdrawalId: '01932d5a-7c3e-7f00-8000-0123456789ab',
  form: 'chain',
  asset: 'USDT.ETH',
  amount: Amount.of('12.5', 'USDT.ETH'),
  destination: { type: 'address', address: '0xabc' },
  clientReference: 'ref1',
  accountId: 'account 1',
  fee: Amount.of('0.5', 'USDT.ETH'),
  digest: 'a digest',
  signerReceipt: null,
  ...change,
});

/** In units of 10^-18, by whole numbers alone: independent of our own arithmetic. */
function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(18, '0'));
}
const anAmount = fc.stringMatching(/^[1-9][0-9]{0,19}(\.[0-9]{0,17}[1-9])?$/);
const aFee = fc.stringMatching(/^(0|[1-9][0-9]{0,3})(\.[0-9]{0,17}[1-9])?$/);

describe('prepare', () => {
  it('asks for the amount plus the fee, so that the recipient gets exactly the amount', async () => {
    const preparation = await givenAdapter().adapter.prepare(anOrder());

    expect(preparation).toMatchObject({
      kind: 'ready',
      request: {
        gross: Amount.of('13.55', 'USDT.ETH'),
        evidence: { fee: '1.05', fee_added: '1.05' },
      },
    });
    expect(preparation.kind === 'ready' && preparation.request.body).toBe(
      '{"currency":"USDT-ETH","amount":"13.55","destination":"To Digital Address","address":"0xabc"}',
    );
  });

  it('asks for exactly the amount where amount is what arrives', async () => {
    const preparation = await givenAdapter(TERMS, { amountIs: 'net' }).adapter.prepare(anOrder());

    expect(preparation).toMatchObject({
      kind: 'ready',
      request: { gross: Amount.of('12.5', 'USDT.ETH'), evidence: { fee: '1.05', fee_added: '0' } },
    });
  });

  it.each(['gross', 'net'] as const)(
    'whatever amount and fee: where amount is %s, the recipient gets what was asked for, to the digit',
    (amountIs) =>
      fc.assert(
        fc.asyncProperty(anAmount, aFee, async (amount, fee) => {
          const terms = { ...TERMS, '/account/v1/withdraw/charge': ok({ withdraw_fee: fee }) };
          const preparation = await givenAdapter(terms, { amountIs }).adapter.prepare(
            anOrder({ amount: Amount.of(amount, 'USDT.ETH') }),
          );
          const sent =
            preparation.kind === 'ready'
              ? (JSON.parse(preparation.request.body) as { amount: string }).amount
              : '';

          expect(amountIs === 'gross' ? units(sent) - units(fee) : units(sent)).toBe(units(amount));
          const row = {
            withdraw_id: '7',
            currency: 'USDT-ETH',
            apply_time: 1_795_149_758_959,
            arrival_amount: amount,
            fee,
            status: 3,
          };
          const record = withdrawalRecord(row, 'chain', { amountIs });
          expect([record?.gross, record?.net]).toEqual([
            Amount.of(sent, 'USDT.ETH'),
            Amount.of(amount, 'USDT.ETH'),
          ]);
        }),
      ),
  );

  it('takes the id that the venue lists, the older one too, and sends the memo', async () => {
    const [tron, xrp] = await Promise.all(
      [
        anOrder({ asset: 'USDT.TRX', amount: Amount.of('12.5', 'USDT.TRX') }),
        anOrder({
          asset: 'XRP.XRP',
          amount: Amount.of('12.5', 'XRP.XRP'),
          destination: { type: 'address', address: 'r', memo: '7' },
        }),
      ].map((order) => givenAdapter().adapter.prepare(order)),
    );

    expect(tron?.kind === 'ready' && tron.request.body).toContain('"currency":"USDT-TRC20"');
    expect(xrp?.kind === 'ready' && xrp.request.body).toContain('"address_memo":"7"');
  });

  it.each([
    ['cid', { value: '876940329' }, '"type":1,"value":"876940329","areaCode":""'],
    ['email', { value: 'a@b.c' }, '"type":2,"value":"a@b.c","areaCode":""'],
    [
      'phone',
      { value: '412345678', areaCode: '61' },
      '"type":3,"value":"412345678","areaCode":"61"',
    ],
  ] as const)(
    'writes a transfer by %s, exactly the amount and without an address',
    async (kind, account, fields) => {
      const preparation = await givenAdapter().adapter.prepare(
        anOrder({ form: kind, destination: { type: 'venue_account', kind, ...account } }),
      );

      expect(preparation.kind === 'ready' && preparation.request.body).toBe(
        `{"currency":"USDT-ETH","amount":"12.5",${fields}}`,
      );
    },
  );

  it.each([
    ['uid', { value: '1' }],
    ['cid', { value: 'me' }],
    ['cid', { value: '1', areaCode: '61' }],
    ['email', { value: 'me' }],
    ['phone', { value: '412345678' }],
    ['phone', { value: '+61 412', areaCode: '61' }],
  ] as const)('refuses %s %j before any call', async (kind, account) => {
    const { adapter, sent } = givenAdapter();

    expect(
      await adapter.prepare(
        anOrder({ form: kind, destination: { type: 'venue_account', kind, ...account } }),
      ),
    ).toMatchObject({
      kind: 'refused',
      reason: 'invalid_destination',
    });
    expect(sent).toEqual([]);
  });

  it('refuses everything from its date on, before any call', async () => {
    const { adapter, sent } = givenAdapter(TERMS, { refuseFrom: new Date() });

    expect(await adapter.prepare(anOrder())).toMatchObject({
      kind: 'refused',
      reason: 'venue_closed',
    });
    expect(sent).toEqual([]);
  });

  it.each([
    ['the fee cannot be read', { '/account/v1/currencies': TERMS['/account/v1/currencies'] }],
    [
      'the fee is no decimal',
      { ...TERMS, '/account/v1/withdraw/charge': ok({ withdraw_fee: 'free' }) },
    ],
    ['the currencies cannot be read', {}],
  ])('waits when %s: a guessed fee would pay another amount', async (_why, answers) => {
    expect((await givenAdapter(answers).adapter.prepare(anOrder())).kind).toBe('not_ready');
  });

  it('refuses what the venue does not list', async () => {
    const answers = {
      ...TERMS,
      '/account/v1/currencies': ok({ currencies: [{ currency: 'USDT' }] }),
    };

    expect(await givenAdapter(answers).adapter.prepare(anOrder())).toMatchObject({
      kind: 'refused',
      reason: 'not_supported',
    });
  });
});

describe('the wire', () => {
  it('signs the body that it sends, with the memo; a read carries the key alone', async () => {
    const { adapter, sent } = givenAdapter();
    await adapter.submit({
      form: 'chain',
      body: '{"x":"ü"}',
      gross: Amount.of('1', 'USDT.ETH'),
      evidence: {},
    });
    await adapter.prepare(anOrder());

    const [post, ...reads] = sent;
    const { 'X-BM-TIMESTAMP': timestamp = '', 'X-BM-SIGN': sign = '' } = post?.headers ?? {};
    expect(
      verifyBitmart('s', { timestamp, memo: 'a #memo', content: post?.body ?? '' }, sign),
    ).toBe(true);
    for (const { headers } of reads)
      expect(headers).toEqual({ Accept: 'application/json', 'X-BM-KEY': 'k' });
  });

  it('reads the clock again when the venue finds our time wrong', async () => {
    const { adapter, read } = givenAdapter({
      '/account/v1/withdraw/apply': {
        kind: 'answer',
        status: 401,
        headers: {},
        text: '',
        json: { code: 30007 },
      },
      '/system/time': ok({ server_time: 1_795_149_758_959 }),
    });

    expect(
      await adapter.submit({
        form: 'chain',
        body: '{}',
        gross: Amount.of('1', 'USDT.ETH'),
        evidence: {},
      }),
    ).toMatchObject({ kind: 'not_sent' });
    expect(read).toEqual([1_795_149_758_959]);
  });
});

describe('list', () => {
  const window = { form: 'chain', from: new Date(0), to: new Date(1_000), offset: 0 };
  const row = { withdraw_id: '7', apply_time: 1_795_149_758_959, status: 3 };

  it('puts a row aside that cannot be read', async () => {
    const listing = (records: unknown[]) =>
      givenAdapter({ '/account/v2/deposit-withdraw/history': ok({ records }) }).adapter.list(
        window,
      );

    expect(await listing([row, { ...row, withdraw_id: '8', apply_time: null }, {}])).toMatchObject({
      records: [{ venueReference: '7' }],
      unreadable: [
        { field: 'apply_time', value: 'null', draft: { venueReference: '8' } },
        { field: 'withdraw_id', value: 'missing' },
      ],
    });
    expect(await listing([row])).toMatchObject({
      kind: 'page',
      last: true,
      records: [{ venueReference: '7' }],
    });
  });

  it('requests a single record by its id; a missing record proves nothing', async () => {
    const one = (answer: VenueAnswer) =>
      givenAdapter({ '/account/v1/deposit-withdraw/detail': answer }).adapter.list({
        ...window,
        venueReference: '7',
      });

    expect(await one(ok({ record: row }))).toMatchObject({
      kind: 'page',
      records: [{ venueReference: '7' }],
    });
    expect(
      await one({ kind: 'answer', status: 400, headers: {}, text: '', json: { code: 60010 } }),
    ).toEqual({
      kind: 'page',
      records: [],
      last: true,
      covered: { from: window.from, to: window.to },
    });
    expect((await one(ok({}))).kind).toBe('unavailable');
  });
});
