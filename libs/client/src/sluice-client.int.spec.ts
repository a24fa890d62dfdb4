import manifest from '../package.json' with { type: 'json' };
import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import {
  ApiError,
  InsufficientBalanceError,
  RateLimitError,
  ServiceUnavailableError,
  WithdrawalFailedError,
} from './api-errors.js';
import { NoAnswerError, OutcomeUnknownError, StillPendingError } from './errors.js';
import { canonicalRequest } from './request-signature.js';
import { SluiceClient, type ClientOptions } from './sluice-client.js';
import { failure, ScriptedApi, success, type Arrived } from './testkit/scripted-api.js';
import type { WithdrawalOrder } from './withdrawal.js';

const SECRET = 'a-secret-of-this-test';
const ORDER: WithdrawalOrder = {
  currency: 'USDT',
  network: 'TRX',
  to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
  amount: '25',
  client_reference: 'order-1',
};
const FIRST = success({
  withdrawal_id: 17,
  status: 'pending',
  stage: 'awaiting_venue',
  tx_hash: null,
  network: 'TRX',
  currency: 'USDT',
  to_address: ORDER.to_address,
  venue: 'gateio',
  amount_decimal: '25.000000',
  fee_decimal: '1.025000',
});
const row = (change: object = {}) => ({
  id: 17,
  status: 'pending',
  stage: 'processing_at_venue',
  tx_hash: null,
  network: 'TRX',
  currency: 'USDT',
  to_address: ORDER.to_address,
  venue: 'gateio',
  amount: '25.000000',
  fee: '1.025000',
  client_reference: 'order-1',
  ...change,
});
const BUSY = failure(503, 'Service temporarily unavailable');

let api: ScriptedApi;
beforeAll(async () => void (api = await ScriptedApi.start()));
afterAll(() => api.stop());

function client(options: Partial<ClientOptions> = {}): SluiceClient {
  return new SluiceClient({
    url: api.url,
    keyId: 'ck_1',
    secret: SECRET,
    ...options,
  });
}

const timestampOf = ({ headers }: Arrived): string => String(headers['x-cpg-timestamp']);
const timestamps = () => api.arrived.map(timestampOf);

/** The signature of what really arrived. */
function expectedSignature({ method, target, headers, body }: Arrived): string {
  const [path = '', query = ''] = target.split('?');
  const timestamp = String(headers['x-cpg-timestamp']);
  const canonical = canonicalRequest({ timestamp, method, path, query, body });
  return createHmac('sha256', SECRET).update(canonical).digest('hex');
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a request', () => {
  it('is signed over what is sent, whatever is in its query and body', async () => {
    api.answers(success([], { data_count: 0 }), FIRST, success({ pong: true }));
    const { balances, withdrawals } = client();

    await balances.list({ currency: 'a b/ü&=+%', network: 'ETH' });
    await withdrawals.create({ ...ORDER, client_reference: 'Rechnung ü "1"' });
    await client().ping();

    for (const arrived of api.arrived)
      expect(arrived.headers).toMatchObject({
        'x-cpg-key': 'ck_1',
        'x-cpg-signature': expectedSignature(arrived),
      });
    expect(api.arrived.map(({ method, target }) => `${method} ${target.split('?')[0]}`)).toEqual([
      'GET /v1/balances',
      'POST /v1/withdrawals',
      'GET /v1/_ping',
    ]);
  });

  it('has the amount as text, and how long its answer may wait', async () => {
    api.answers(FIRST);

    await client().withdrawals.create(ORDER, { waitSeconds: 10 });

    const [arrived] = api.arrived;
    expect(arrived?.body).toContain('"amount":"25"');
    expect(arrived?.headers).toMatchObject({
      prefer: 'wait=10',
      'content-type': 'application/json',
    });
  });

  it('names this package and its version', async () => {
    api.answers(success({ pong: true }));

    await client().ping();

    expect(api.arrived[0]?.headers['user-agent']).toBe(
      `sluice-client/${manifest.version} node/${process.versions.node}`,
    );
  });

  it.each([
    ['withdrawals', (sluice) => sluice.withdrawals.page()],
    ['balances', (sluice) => sluice.balances.list()],
    ['currencies', (sluice) => sluice.currencies.list()],
    ['transactions', (sluice) => sluice.transactions.page()],
    ['webhooks', (sluice) => sluice.webhooks.list()],
    ['their deliveries', (sluice) => sluice.webhooks.deliveries('w1')],
    ['events', (sluice) => sluice.webhooks.events()],
    ['a withdrawal', (sluice) => sluice.withdrawals.get(17)],
    ['its timeline', (sluice) => sluice.withdrawals.timeline(17)],
  ] as readonly (readonly [string, (sluice: SluiceClient) => Promise<unknown>])[])(
    'for %s that is answered by a success without data was not answered',
    async (_, ask) => {
      api.answers(success(undefined));
      expect(await errorOf(ask(client({ attempts: 1 })))).toBeInstanceOf(NoAnswerError);

      api.answers(success({}));
      expect(await errorOf(ask(client({ attempts: 1 })))).toBeInstanceOf(NoAnswerError);
    },
  );

  it('that equals another one of the same second has another timestamp', async () => {
    api.answers(success(row()));
    const { withdrawals } = client();

    await Promise.all(Array.from({ length: 8 }, () => withdrawals.get(17)));

    expect(new Set(timestamps()).size).toBe(8);
  });

  it('follows no redirect: what is signed is for this address', async () => {
    const location = `${api.url}/v1/elsewhere`;
    api.answers({ status: 307, text: '', headers: { location } });

    const error = await errorOf(client({ attempts: 1 }).withdrawals.get(17));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(api.arrived.map(({ target }) => target)).toEqual(['/v1/withdrawals/17']);
  });
});

describe('a withdrawal', () => {
  it('is one type, of the first answer and of a repeat', async () => {
    api.answers(FIRST, success(row({ client_reference: 'order-1' })));
    const { withdrawals } = client();

    const [first, repeat] = [await withdrawals.create(ORDER), await withdrawals.create(ORDER)];

    for (const withdrawal of [first, repeat])
      expect(withdrawal).toMatchObject({
        id: 17,
        amount: '25.000000',
        fee: '1.025000',
        client_reference: 'order-1',
        error_code: null,
        confirmed_at: null,
      });
  });

  it('is asked for again after a cut, with the same bytes and another timestamp', async () => {
    api.answers('cut', 'cut', FIRST);

    expect(await client().withdrawals.create(ORDER)).toMatchObject({ id: 17 });

    expect(api.arrived).toHaveLength(3);
    expect(new Set(api.arrived.map(({ body }) => body)).size).toBe(1);
    expect(new Set(timestamps()).size).toBe(3);
  });

  it.each([
    ['500', failure(500, 'Internal server error')],
    ['504', failure(504, 'Withdrawal submission is still in progress')],
    ["a proxy's page", { status: 502, text: '<html>Bad Gateway</html>' } as const],
    ['a success that is none', { status: 200, text: '{"ok":true}' } as const],
    ['half an answer', { status: 200, text: '{"success":true' } as const],
    ['a used signature', failure(401, 'Request signature has already been used')],
    ['an API that is busy', BUSY],
  ])('is asked for again after %s', async (_what, reply) => {
    api.answers(reply, FIRST);

    expect(await client().withdrawals.create(ORDER)).toMatchObject({ id: 17 });
    expect(api.arrived).toHaveLength(2);
  });

  it('without a response is unknown, never failed: the reference identifies the withdrawal', async () => {
    api.answers('cut');

    const error = await errorOf(client({ attempts: 2 }).withdrawals.create(ORDER));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    const unknown = error as OutcomeUnknownError;
    expect(unknown).not.toBeInstanceOf(ApiError);
    expect(unknown.reference).toBe('order-1');
    expect(unknown.message).toContain('order-1');
    const latest = Math.max(...timestamps().map(Number));
    expect(unknown.settlesAt).toEqual(new Date((latest + 600) * 1_000));
  });

  it.each([
    ['no data', undefined],
    ['data of null', null],
    ['data that is a text', 'accepted'],
    ['an object without an id', { status: 'pending' }],
  ])(
    'that is answered by a success with %s is unknown, and is asked for again',
    async (_, data) => {
      api.answers(success(data), FIRST);
      expect(await client().withdrawals.create(ORDER)).toMatchObject({ id: 17 });
      expect(api.arrived).toHaveLength(2);

      api.answers(success(data));
      const error = await errorOf(client({ attempts: 2 }).withdrawals.create(ORDER));

      expect(error).toBeInstanceOf(OutcomeUnknownError);
      expect(error).toMatchObject({ reference: 'order-1' });
      expect(api.arrived).toHaveLength(2);
    },
  );

  it('that takes too long is unknown as well', async () => {
    api.answers('silence');

    const error = await errorOf(client({ attempts: 1, timeoutMs: 200 }).withdrawals.create(ORDER));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect((error as Error).cause).toMatchObject({ name: 'TimeoutError' });
  });

  it('is unknown when its caller gives up after it was sent', async () => {
    api.answers('silence');
    const giving = new AbortController();
    const asked = errorOf(client().withdrawals.create(ORDER, { signal: giving.signal }));
    while (api.arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));

    giving.abort();

    expect(await asked).toBeInstanceOf(OutcomeUnknownError);
  });

  it('is not sent when its caller has given up before', async () => {
    api.answers(FIRST);

    const error = await errorOf(
      client().withdrawals.create(ORDER, { signal: AbortSignal.abort() }),
    );

    expect(error).toMatchObject({ name: 'AbortError' });
    expect(api.arrived).toEqual([]);
  });

  it('that is refused is refused, and asked for once', async () => {
    api.answers(failure(400, 'Insufficient available balance for this withdrawal'));

    expect(await errorOf(client().withdrawals.create(ORDER))).toBeInstanceOf(
      InsufficientBalanceError,
    );
    expect(api.arrived).toHaveLength(1);
  });

  it('that is refused after an answer was lost is unknown: the lost request may still arrive', async () => {
    api.answers('cut', failure(400, 'Insufficient available balance for this withdrawal'));

    const error = await errorOf(client().withdrawals.create(ORDER));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect((error as Error).cause).toBeInstanceOf(InsufficientBalanceError);
  });

  it('that has failed for good has failed, also after an answer was lost', async () => {
    const data = { withdrawal_id: 17, error_code: 'venue_rejected', error_message: '…' };
    api.answers('cut', failure(502, 'Failed to broadcast withdrawal transaction', {}, data));

    const error = await errorOf(client().withdrawals.create(ORDER));

    expect(error).toBeInstanceOf(WithdrawalFailedError);
    expect(error).toMatchObject({ withdrawalId: 17, errorCode: 'venue_rejected' });
  });

  it('that was refused before anything was held is unknown after a lost answer, for nothing is on record', async () => {
    api.answers('cut', failure(502, 'Failed to broadcast withdrawal transaction'));

    expect(await errorOf(client().withdrawals.create(ORDER))).toBeInstanceOf(OutcomeUnknownError);
  });

  it('that was not accepted is reported as not accepted after the last attempt', async () => {
    api.answers(BUSY);

    expect(await errorOf(client({ attempts: 2 }).withdrawals.create(ORDER))).toBeInstanceOf(
      ServiceUnavailableError,
    );
    expect(api.arrived).toHaveLength(2);
  });
});

describe('Retry-After', () => {
  it('is waited for', async () => {
    api.answers(failure(503, 'Too many requests at this moment', { 'retry-after': '1' }), FIRST);
    const since = performance.now();

    await client().withdrawals.create(ORDER);

    expect(performance.now() - since).toBeGreaterThan(950);
  });

  it('that is longer than the caller waits ends the call', async () => {
    api.answers(failure(429, 'Rate limit exceeded', { 'retry-after': '600' }));

    expect(await errorOf(client().balances.list())).toBeInstanceOf(RateLimitError);
    expect(api.arrived).toHaveLength(1);
  });
});

describe('what changes nothing', () => {
  it('is repeated, and is not an unknown outcome without a response', async () => {
    api.answers('cut');

    const error = await errorOf(client({ attempts: 2 }).withdrawals.get(17));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).not.toBeInstanceOf(OutcomeUnknownError);
    expect(api.arrived).toHaveLength(2);
  });
});

describe('a list of pages', () => {
  it('is read to its end, page by page, an empty last one included', async () => {
    api.answers(
      success([row({ id: 3 }), row({ id: 2 })], { data_count: 2, next_cursor: 2, has_more: true }),
      success([row({ id: 1 })], { data_count: 1, next_cursor: 1, has_more: true }),
      success([], { data_count: 0, next_cursor: null, has_more: false }),
    );
    const ids: number[] = [];

    for await (const { id } of client().withdrawals.list({ status: 'pending', limit: 2 }))
      ids.push(id);

    expect(ids).toEqual([3, 2, 1]);
    expect(api.arrived.map(({ target }) => target)).toEqual([
      '/v1/withdrawals?status=pending&limit=2',
      '/v1/withdrawals?status=pending&limit=2&cursor=2',
      '/v1/withdrawals?status=pending&limit=2&cursor=1',
    ]);
  });

  it('requests no unread page', async () => {
    api.answers(success([{ id: 9 }, { id: 8 }], { next_cursor: 8, has_more: true }));

    for await (const { id } of client().transactions.list({ direction: 'withdrawal' })) {
      expect(id).toBe(9);
      break;
    }

    expect(api.arrived).toHaveLength(1);
  });

  it('gives one page, with the cursor of the next', async () => {
    api.answers(success([{ id: 9 }], { next_cursor: 9, has_more: true }));

    expect(await client().transactions.page({ limit: 1 })).toEqual({
      data: [{ id: 9 }],
      next_cursor: 9,
    });
  });
});

describe('a batch', () => {
  it('has a result for each order, and a refused order affects no other', async () => {
    api.answers(
      success([
        { index: 0, success: true, status_code: 200, message: 'OK', data: row() },
        { index: 1, success: false, status_code: 404, message: 'Currency not found', data: null },
      ]),
    );
    const orders = [ORDER, { ...ORDER, currency: 'XYZ', client_reference: 'order-2' }];

    const [first, second] = await client().withdrawals.createBatch(orders);

    expect(first).toMatchObject({ ok: true, client_reference: 'order-1', withdrawal: { id: 17 } });
    expect(second).toMatchObject({
      ok: false,
      client_reference: 'order-2',
      error: { name: 'CurrencyNotFoundError', status: 404 },
    });
  });

  it('has the rule of the spending policy that refused an order', async () => {
    const refusal = { rule: 'per-day', remaining: '120', unit: 'EUR', frees_at: null };
    const message = 'Withdrawal exceeds a limit of the spending policy';
    api.answers(success([{ success: false, status_code: 403, message, data: null, refusal }]));

    const [only] = await client().withdrawals.createBatch([ORDER]);

    expect(only).toMatchObject({
      ok: false,
      error: { name: 'LimitExceededError', rule: 'per-day', remaining: '120', freesAt: null },
    });
  });

  it('knows of an order that is not finished, or refused behind a lost answer, that its outcome is unknown', async () => {
    const [taken, late] = [
      { success: true, status_code: 200, message: 'OK', data: row() },
      { success: false, status_code: 504, message: 'Withdrawal submission is still in progress' },
    ];
    const refused = { success: false, status_code: 404, message: 'Currency not found', data: null };
    const orders = [ORDER, { ...ORDER, client_reference: 'order-2' }];
    for (const replies of [[success([taken, late])], ['cut' as const, success([taken, refused])]]) {
      api.answers(...replies);

      const [first, second] = await client().withdrawals.createBatch(orders);

      expect(first).toMatchObject({ ok: true });
      expect(second).toMatchObject({
        ok: false,
        error: { name: 'OutcomeUnknownError', reference: 'order-2' },
      });
    }
  });

  it('under a key of its own has each order signed by itself, anew for each attempt', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    api.answers('cut', success([{ success: true, status_code: 200, message: 'OK', data: row() }]));
    const own = new SluiceClient({ url: api.url, keyId: 'ck_1', privateKey });

    await own.withdrawals.createBatch([ORDER]);

    const [item] = JSON.parse(api.arrived[1]?.body ?? '').withdrawals;
    const canonical = canonicalRequest({
      ...item,
      method: 'POST',
      path: '/v1/withdrawals',
      query: '',
    });
    expect(JSON.parse(item.body)).toEqual(ORDER);
    expect(
      verify(null, Buffer.from(canonical), publicKey, Buffer.from(item.signature, 'hex')),
    ).toBe(true);
  });

  const TAKEN = { withdrawal_id: 17, status: 'pending', amount_decimal: '25', fee_decimal: '1' };
  it.each([
    ['fewer rows than orders', []],
    ['a row without a status', [{}]],
    ['a success without its withdrawal', [{ success: true, status_code: 200, message: 'OK' }]],
    ['a row too many', [0, 1].map(() => ({ success: true, status_code: 200, data: TAKEN }))],
  ])('that is answered with %s is unknown as a whole', async (_, data) => {
    api.answers(success(data));

    const error = await errorOf(client({ attempts: 1 }).withdrawals.createBatch([ORDER]));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ references: ['order-1'] });
  });

  it('without a response names every reference', async () => {
    api.answers('cut');
    const orders = [ORDER, { ...ORDER, client_reference: 'order-2' }];

    const error = await errorOf(client({ attempts: 2 }).withdrawals.createBatch(orders));

    expect(error).toMatchObject({
      name: 'OutcomeUnknownError',
      references: ['order-1', 'order-2'],
      reference: null,
    });
  });
});

describe('waiting', () => {
  it('ends when the withdrawal has come that far, and waits out faults that pass', async () => {
    api.answers(success(row()), 'cut', BUSY, success(row({ status: 'confirmed', stage: 'done' })));

    const withdrawal = await client({ attempts: 1 }).withdrawals.waitFor(17);

    expect(withdrawal.status).toBe('confirmed');
    expect(api.arrived).toHaveLength(4);
  });

  it('ends after a failure: the caller reads the status', async () => {
    api.answers(success(row({ status: 'failed', stage: 'done', error_code: 'expired' })));

    expect(await client().withdrawals.waitFor(17, 'broadcasted')).toMatchObject({
      status: 'failed',
      error_code: 'expired',
    });
  });

  it('reports at the time limit that the withdrawal is still pending', async () => {
    api.answers(success(row()));

    const error = await errorOf(client().withdrawals.waitFor(17, 'confirmed', { timeoutMs: 100 }));

    expect(error).toBeInstanceOf(StillPendingError);
    expect(error).toMatchObject({ withdrawalId: 17 });
  });

  it('throws what does not pass', async () => {
    api.answers(failure(404, 'Withdrawal not found'));

    expect(await errorOf(client().withdrawals.waitFor(17))).toMatchObject({
      name: 'WithdrawalNotFoundError',
    });
  });
});

describe('a call by its name', () => {
  const TERMS = { only_book: true, confirmation: 'none', waits_hours: 24 } as const;
  const ADDRESS = { network: 'ETH', to_address: '0x1', label: 'office' };

  it.each<[call: string, ask: (sluice: SluiceClient) => Promise<object>]>([
    ['GET /v1/address-book', ({ addresses }) => addresses.book()],
    ['PUT /v1/address-book', ({ addresses }) => addresses.setBook(TERMS)],
    ['POST /v1/addresses', ({ addresses }) => addresses.add(ADDRESS)],
    ['POST /v1/addresses/a1/confirm', ({ addresses }) => addresses.confirm('a1')],
    ['DELETE /v1/addresses/a1', ({ addresses }) => addresses.remove('a1')],
    ['GET /v1/webhooks/w1', ({ webhooks }) => webhooks.get('w1')],
    ['PATCH /v1/webhooks/w1', ({ webhooks }) => webhooks.edit('w1', { description: null })],
    ['POST /v1/webhooks/w1/resume', ({ webhooks }) => webhooks.resume('w1')],
    ['POST /v1/webhooks/w1/test', ({ webhooks }) => webhooks.test('w1')],
    ['GET /v1/webhooks/w1/deliveries/7', ({ webhooks }) => webhooks.delivery('w1', 7)],
    ['POST /v1/webhooks/w1/deliveries/7/redeliver', ({ webhooks }) => webhooks.redeliver('w1', 7)],
  ])('asks for %s', async (call, ask) => {
    api.answers(success({ id: 'x1' }));

    expect(await ask(client())).toEqual({ id: 'x1' });

    expect(api.arrived.map(({ method, target }) => `${method} ${target}`)).toEqual([call]);
  });
});

describe('addresses', () => {
  it('are listed page by page', async () => {
    api.answers(success([{ id: 'a2' }]));
    expect(await client().addresses.list({ after: 'a1', limit: 1 })).toEqual([{ id: 'a2' }]);
    expect(api.arrived[0]?.target).toBe('/v1/addresses?after=a1&limit=1');
  });
});

describe('webhooks', () => {
  const WEBHOOK = { url: 'https://shop.example/hook', events: ['withdrawal.confirmed'] as const };

  it.each([['cut'], [BUSY]] as const)(
    'are made by as many requests as it takes, all with one idempotency key: %j',
    async (reply) => {
      api.answers(reply, success({ id: 'w1', secret: 'whsec_x', ...WEBHOOK }));

      expect(await client().webhooks.create(WEBHOOK)).toMatchObject({ secret: 'whsec_x' });

      const keys = api.arrived.map(
        ({ body }) => (JSON.parse(body) as { idempotency_key: string }).idempotency_key,
      );
      expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
    },
  );

  it('send a request again whose answer has no secret', async () => {
    const { webhooks } = client();
    for (const [make, call] of [
      [() => webhooks.create(WEBHOOK), 'POST /v1/webhooks'],
      [() => webhooks.rotateSecret('w1'), 'POST /v1/webhooks/w1/rotate-secret'],
    ] as const) {
      api.answers(success({ id: 'w1' }), success({ id: 'w1', secret: 'whsec_x' }));
      expect(await make()).toMatchObject({ secret: 'whsec_x' });
      expect(api.arrived).toHaveLength(2);
      expect(`${api.arrived[0]?.method} ${api.arrived[0]?.target}`).toBe(call);
    }
  });

  it('show their deliveries and the events of the account in pages', async () => {
    const page = success([{ id: 3 }], { data_count: 1, next_cursor: 3, has_more: true });
    api.answers(page, page);
    const { webhooks } = client();

    expect(await webhooks.deliveries('w1', { status: 'failed', limit: 1 })).toEqual({
      data: [{ id: 3 }],
      next_cursor: 3,
    });
    await webhooks.events({ event: 'withdrawal.failed', client_reference: 'a b', cursor: 9 });

    expect(api.arrived.map(({ target }) => target)).toEqual([
      '/v1/webhooks/w1/deliveries?status=failed&limit=1',
      '/v1/events?event=withdrawal.failed&client_reference=a+b&cursor=9',
    ]);
  });

  it.each(['test', 'redeliver'] as const)('are not sent to twice by %s', async (name) => {
    api.answers('cut');
    const { webhooks } = client();

    const error = await errorOf(
      name === 'test' ? webhooks.test('w1') : webhooks.redeliver('w1', 7),
    );

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(api.arrived).toHaveLength(1);
  });

  it('are deleted, also if the response was lost and the second response is not found', async () => {
    api.answers('cut', failure(404, 'Webhook not found'));

    await client().webhooks.delete('w1');

    expect(api.arrived.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'DELETE /v1/webhooks/w1',
      'DELETE /v1/webhooks/w1',
    ]);
  });

  it('that do not exist are reported as missing', async () => {
    api.answers(failure(404, 'Webhook not found'));

    expect(await errorOf(client().webhooks.delete('w1'))).toMatchObject({ name: 'NotFoundError' });
  });
});
