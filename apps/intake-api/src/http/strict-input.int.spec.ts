import { testValues } from '@sluice/runtime';
import { PERMISSIONS } from '@sluice/http-api';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import {
  givenApi,
  givenLedgerApi,
  type ApiAnswer,
  type ApiCall,
  type TestApi,
} from '../testkit/given-api.js';
import { countOf, givenAccount } from '../testkit/given-intake.js';
import { USDT_TRX } from '../testkit/given-terms.js';

const XRP = 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh';
const BANK = {
  type: 'reference_account',
  user_id: '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7b',
  account_group_id: '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7c',
  reference_account_id: '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7d',
};
const ON_ETH = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '50' };
const ON_XRP = { currency: 'XRP', network: 'XRP', to_address: null, amount: '50' };
const ON_SEPA = { currency: 'EUR', network: 'SEPA', to_address: null, amount: '50' };

describe('the input of the public API', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let key: NonNullable<ApiCall['key']>;
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) =>
      target.endsWith('/signers') ? [] : [{ available: '1000' }],
    );
    api = await givenApi(await testDatabase('intake'), {
      LEDGER_URL: ledger.url,
      ...testValues({ holdTimeoutMs: 50 }),
    });
    await api.database.query(`INSERT INTO network (code, family) VALUES ('XRP', 'xrp')`);
    await api.database.query(
      `INSERT INTO currency (currency, network, name, contract_address, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
       VALUES ('XRP', 'XRP', 'XRP', NULL, 6, 1, 1, 0)`,
    );
    await api.database.query(
      `INSERT INTO route (currency, network, position, venue, pays)
       VALUES ('XRP', 'XRP', 1, 'gateio', '{address}'), ('EUR', 'SEPA', 1, 'upvest', '{reference_account}')`,
    );
    key = await api.createKey(await givenAccount(api.database), PERMISSIONS);
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  const send = (
    method: string,
    target: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> =>
    api.send({ method, target, key, headers, ...(body && { body: JSON.stringify(body) }) });
  const get = (target: string) => send('GET', target);
  const refused = (message: string) => ({ status: 422, body: { success: false, message } });
  /** The refusal of a body by each route that reads a payment. */
  async function expectEachToRefuse(body: object, message: string): Promise<void> {
    const item = { client_reference: 'of an item', ...body };
    const batch = await send('POST', '/v1/withdrawals/batch', { withdrawals: [item] });
    expect(await send('POST', '/v1/withdrawals', body)).toMatchObject(refused(message));
    expect(await send('POST', '/v1/withdrawals/preview', body)).toMatchObject(refused(message));
    expect(batch.body.data).toMatchObject([{ status_code: 422, message }]);
  }

  describe('null and absent', () => {
    it.each<[string, object]>([
      ['no destination', { ...ON_ETH, destination: null, venue: null, client_reference: null }],
      ['unknown fields of null', { ...ON_ETH, memo: null, tag: null, orderId: null }],
      ['a memo of null', { ...ON_XRP, destination: { type: 'address', address: XRP, memo: null } }],
      ['an empty memo', { ...ON_XRP, destination: { type: 'address', address: XRP, memo: '' } }],
      ['a text of null', { ...ON_SEPA, destination: { ...BANK, remittance_information: null } }],
      ['an empty text', { ...ON_SEPA, destination: { ...BANK, remittance_information: '' } }],
      ['a purpose of null', { ...ON_SEPA, destination: { ...BANK, purpose_code: null } }],
      [
        'an area code of null',
        {
          ...ON_ETH,
          to_address: null,
          destination: { type: 'venue_account', kind: 'uid', value: '12345678', area_code: null },
        },
      ],
    ])('are equal: %s is accepted by preview and request', async (_what, body) => {
      const preview = await send('POST', '/v1/withdrawals/preview', body);
      const asked = await send('POST', '/v1/withdrawals', body);

      expect(preview).toMatchObject({ status: 200 });
      expect(JSON.stringify(preview.body.data['destination'])).not.toContain('null');
      expect(asked.status).toBe(504); // recorded: the ledger is silent
    });
  });

  describe('a text without a visible difference', () => {
    const ENDS = 'String should not begin or end with a blank';
    const hidden = (code: string) => `String should contain valid characters only, not U+${code}`;
    const TEXTS: [string, string][] = [
      [' ', ENDS],
      ['\u00a0', ENDS],
      ['a ', ENDS],
      [' a', ENDS],
      ['a\u2003', ENDS],
      ['\u3000a', ENDS],
      ['a\tb', hidden('0009')],
      ['a\u00a0b', hidden('00A0')],
      ['a\u200b', hidden('200B')],
      ['\ufeffa', '\ufeffa'.trim() === 'a' ? hidden('FEFF') : ENDS],
      ['a\u2060b', hidden('2060')],
      ['a\u202eb', hidden('202E')],
      ['a\u00adb', hidden('00AD')],
      ['a\ufe0f', hidden('FE0F')],
      ['\u3164', hidden('3164')],
      ['a\u{e0061}', hidden('E0061')],
    ];

    it.each(TEXTS)('%j is refused as a reference, written or searched', async (text, reason) => {
      const message = `client_reference: ${reason}`;
      const query = `client_reference=${encodeURIComponent(text)}`;

      await expectEachToRefuse({ ...ON_ETH, client_reference: text }, message);
      expect(await get(`/v1/withdrawals?${query}`)).toMatchObject(refused(message));
      expect(await get(`/v1/events?${query}`)).toMatchObject(refused(message));
    });

    it.each(TEXTS.filter(([text]) => text !== 'a\u00a0b'))(
      '%j is refused as a label and as a memo',
      async (text, reason) => {
        const body = { network: 'ETH', to_address: ADDRESS, label: text };
        expect(await send('POST', '/v1/addresses', body)).toMatchObject(
          refused(`label: ${reason}`),
        );
        await expectEachToRefuse(
          { ...ON_XRP, destination: { type: 'address', address: XRP, memo: text } },
          `destination.memo: ${reason}`,
        );
      },
    );

    it('is no text with a space inside, which is read again by the same filter', async () => {
      const body = { ...ON_ETH, client_reference: 'order 1 für 出金' };
      expect((await send('POST', '/v1/withdrawals', body)).status).toBe(504);
      const query = `client_reference=${encodeURIComponent(body.client_reference)}`;
      expect((await get(`/v1/withdrawals?${query}`)).body.data).toMatchObject([
        { client_reference: body.client_reference },
      ]);
    });
  });

  describe('a time that no calendar has', () => {
    const TIMES = [
      '2026-02-30T00:00:00Z',
      '2027-02-29T12:00:00Z',
      '2026-04-31T00:00:00Z',
      '2026-11-20T24:00:00Z',
      '2026-11-20T08:00:60Z',
      '2026-02-30T00:00:00%2B00:00',
      '2026-02-30T00:00:00+00:00',
    ];
    it.each(TIMES)('%s is refused by name', async (time) => {
      for (const [path, name] of [
        ['withdrawals', 'requested_since'],
        ['withdrawals', 'requested_before'],
        ['events', 'created_since'],
        ['events', 'created_before'],
      ] as const)
        expect(await get(`/v1/${path}?${name}=${time}`)).toMatchObject(
          refused(`${name}: Input should be a UTC time such as 2026-11-20T08:00:00Z`),
        );
    });

    it('is refused as the beginning of terms', async () => {
      const body = { ...USDT_TRX, after_version: 0, effective_at: '2026-02-30T00:00:00Z' };
      const answer = await api.post('/internal/terms/currencies', body);
      expect(answer).toMatchObject(
        refused('effective_at: Input should be a UTC time such as 2026-11-20T08:00:00.000Z'),
      );
    });
  });

  describe('a query', () => {
    it.each([
      ['withdrawals?statsu=confirmed', 'statsu: Unknown field; did you mean status?'],
      [
        'withdrawals?clientReference=a',
        'clientReference: Unknown field; did you mean client_reference?',
      ],
      ['withdrawals?order_id=a', 'order_id: Unknown field; did you mean client_reference?'],
      ['withdrawals?nonsense=1', 'nonsense: Unknown field'],
      ['withdrawals?Status=confirmed', 'Status: Unknown field; did you mean status?'],
      ['transactions?directoin=withdrawal', 'directoin: Unknown field; did you mean direction?'],
      ['transactions?x=1', 'x: Unknown field'],
      ['balances?curency=USDT', 'curency: Unknown field; did you mean currency?'],
      ['balances?x=1', 'x: Unknown field'],
      ['hot-wallet-address?network=ETH&x=1', 'x: Unknown field'],
      ['events?evnt=withdrawal.failed', 'evnt: Unknown field; did you mean event?'],
      ['addresses?limt=1', 'limt: Unknown field; did you mean limit?'],
      ['webhooks/0192f3a4-7c11-7000-8000-000000000001/deliveries?x=1', 'x: Unknown field'],
      ['currencies?currency=USDT', 'currency: Unknown field; this route takes no query'],
      ['withdrawals/17?x=1', 'x: Unknown field; this route takes no query'],
      ['withdrawals/17/timeline?x=1', 'x: Unknown field; this route takes no query'],
      ['address-book?x=1', 'x: Unknown field; this route takes no query'],
    ])('with an unknown name is refused: %s', async (target, message) => {
      expect(await get(`/v1/${target}`)).toMatchObject(refused(message));
    });

    it('with the idempotency key is refused by a request', async () => {
      const target = '/v1/withdrawals?client_reference=in-the-query';
      expect(await send('POST', target, ON_ETH)).toMatchObject(
        refused('client_reference: Unknown field; this route takes no query'),
      );
    });

    it('has no meaning at the check of a signature', async () => {
      for (const query of ['', '?', '?x=1', '?x', '?currency=USDT&currency=BTC'])
        expect((await get(`/v1/_ping${query}`)).status).toBe(200);
    });

    it.each([
      'withdrawals?status=PENDING&stage=Awaiting_Hold&venue=GATEIO&currency=usdt&network=eth',
      'withdrawals?status=pending&stage=awaiting_hold&venue=gateio&currency=USDT&network=ETH',
      'transactions?direction=WITHDRAWAL&status=Pending&currency=Usdt&network=Eth',
    ])('finds in any case what it finds in the right case: %s', async (target) => {
      const answer = await get(`/v1/${target}&limit=1`);
      expect(answer).toMatchObject({ status: 200, body: { data: [{ currency: 'USDT' }] } });
    });

    it.each([
      ['withdrawals?venue=GATEI0', 'venue: Unknown venue; did you mean gateio?'],
      ['withdrawals?venue=bitmrt', 'venue: Unknown venue; did you mean bitmart?'],
      ['withdrawals?status=confirmd', 'status: Input should be one of pending'],
      ['withdrawals?stage=don', 'stage: Input should be one of'],
      ['transactions?direction=out', 'direction: Input should be one of deposit'],
      ['events?event=withdrawal.done', 'event: Input should be one of'],
    ])('with an unknown value is refused: %s', async (target, message) => {
      const { status, body } = await get(`/v1/${target}`);
      expect([status, body.message]).toEqual([422, expect.stringContaining(message)]);
    });

    it.each(['venue=nobody', 'venue=gateio-2', 'currency=NONE'])(
      'for a value without rows has none: %s',
      async (query) => {
        expect(await get(`/v1/withdrawals?${query}`)).toMatchObject({
          status: 200,
          body: { data: [] },
        });
      },
    );
  });

  describe('a name that costs money', () => {
    const memos = [
      'memo',
      'Memo',
      'tag',
      'destination_tag',
      'destinationTag',
      'payment_id',
      'paymentId',
      'addressTag',
      'address_tag',
      'memo_text',
      'extra_id',
    ];
    it.each(memos)('is refused beside to_address: %s', async (name) => {
      const message = `${name}: Unknown field; did you mean destination.memo?`;

      await expectEachToRefuse({ ...ON_ETH, [name]: '7' }, message);
      const entry = { network: 'ETH', to_address: ADDRESS, label: 'office', [name]: 7 };
      expect(await send('POST', '/v1/addresses', entry)).toMatchObject(refused(message));
    });

    it.each([
      [{ Memo: '7' }, '; did you mean destination.memo?'],
      [{ destination_tag: '7' }, '; did you mean destination.memo?'],
      [{ mem0: '7' }, '; did you mean destination.memo?'],
      [{ remittanceInformation: 'x' }, ''],
      [{ label: 'x' }, ''],
    ])('is refused inside of a destination: %j', async (more, hint) => {
      const destination = { type: 'address', address: XRP, ...more };
      const message = `destination.${Object.keys(more)[0]}: Unknown field${hint}`;

      await expectEachToRefuse({ ...ON_XRP, destination }, message);
      const entry = { network: 'XRP', destination, label: 'office' };
      expect(await send('POST', '/v1/addresses', entry)).toMatchObject(refused(message));
    });

    it.each([
      ['remittanceInformation', 'remittance_information'],
      ['remittance_info', 'remittance_information'],
      ['purposeCode', 'purpose_code'],
      ['purpose-code', 'purpose_code'],
    ])('is refused with a hint to the field of a bank account: %s', async (name, meant) => {
      const hint = `Unknown field; did you mean destination.${meant}?`;
      await expectEachToRefuse(
        { ...ON_SEPA, destination: { ...BANK, [name]: 'SALA' } },
        `destination.${name}: ${hint}`,
      );
      await expectEachToRefuse(
        { ...ON_SEPA, destination: BANK, [name]: 'SALA' },
        `${name}: ${hint}`,
      );
    });

    it.each([
      'requestId',
      'clientOrderId',
      'order_id',
      'clientOid',
      'merchant_order_id',
      'withdraw_order_id',
      'external-id',
      'IDEMPOTENCY_KEY',
      'reference',
      'client_ref',
    ])('is refused as an idempotency key of another API: %s', async (name) => {
      await expectEachToRefuse(
        { ...ON_ETH, [name]: 'a-1' },
        `${name}: Unknown field; did you mean client_reference?`,
      );
    });

    it.each(['X-Idempotency-Key', 'Idempotency-Id', 'X-Request-Idempotency-Key', 'Idempotent-Key'])(
      'is refused as a header: %s',
      async (name) => {
        const headers = { [name]: 'a-1' };
        const reason = (field: string) =>
          `${name.toLowerCase()}: Unknown header; did you mean ${field}, or the header Idempotency-Key?`;

        for (const target of ['/v1/withdrawals', '/v1/withdrawals/preview'])
          expect(await send('POST', target, ON_ETH, headers)).toMatchObject(
            refused(reason('client_reference')),
          );
        const webhook = { url: 'https://example.com', events: ['withdrawal.failed'] };
        expect(await send('POST', '/v1/webhooks', webhook, headers)).toMatchObject(
          refused(reason('idempotency_key')),
        );
      },
    );

    it('is neither a field without meaning here, nor a header that proxies add', async () => {
      const body = { ...ON_ETH, note: 'x', metadata: { memo: '7' }, callback_url: 'x', fee: '1' };
      const headers = { 'X-Request-Id': 'a', 'X-Correlation-Id': 'b', traceparent: 'c' };
      expect((await send('POST', '/v1/withdrawals', body, headers)).status).toBe(504);
      expect((await send('POST', '/v1/withdrawals/preview', body, headers)).status).toBe(200);
    });
  });

  it('leaves nothing on record where it was refused', async () => {
    const rows = `withdrawal WHERE client_reference IS NOT NULL AND client_reference <> 'order 1 für 出金'`;
    expect(await countOf(api.database, rows)).toBe(0);
  });
});
