import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import type { PolicyRefusal } from '@sluice/withdrawal-core';
import { ADDRESS } from './testkit/a-withdrawal.js';
import { givenApi, type ApiCall, type TestApi, refusal } from './testkit/given-api.js';
import { countOf, givenAccount, published } from './testkit/given-intake.js';
import { anEvent, type FactTrigger } from './testkit/inbound-events.js';
import type { InboundEvent } from './withdrawals/saga/inbound-event.js';

const SIGNED_AS_TEXT = { 'content-encoding': 'gzip', 'x-cpg-signature': 'a'.repeat(64) };
const GOOD = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '50' };

describe('requests for withdrawals', () => {
  let url: string;
  let api: TestApi;
  let other: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    url = await testDatabase('intake');
    api = await givenApi(url, testValues({ holdTimeoutMs: 5000 }));
    other = await givenApi(url, testValues({ holdTimeoutMs: 300 }));
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['withdraw', 'read_withdrawal_status']);
  });
  afterAll(() => Promise.all([api.close(), other.close()]));

  const post = (body: object | string, call: ApiCall = {}, at: TestApi = api) =>
    at.send({
      method: 'POST',
      target: '/v1/withdrawals',
      key,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...call,
    });

  const recorded = (clientReference: string) => api.recorded(clientReference);
  const receive = async (at: TestApi, id: string, ...triggers: FactTrigger[]) => {
    for (const trigger of triggers) await at.saga.take([anEvent(id, trigger)]);
  };
  /** The answer to a request whose hold is placed meanwhile. */
  const placed = async (body: typeof GOOD & { readonly client_reference: string }) => {
    const answer = post(body);
    await receive(api, await recorded(body.client_reference), 'hold_placed');
    return answer;
  };
  /** The same request twice: both wait for one hold. */
  const twice = async (body: { readonly client_reference: string }) => {
    const first = post(body);
    const id = await recorded(body.client_reference);
    const admitted = await countOf(api.database, 'used_signature');
    const both = Promise.all([first, post(body)]);
    await eventually(async () =>
      expect(await countOf(api.database, 'used_signature')).toBe(admitted + 1),
    );
    await sleep(100);
    return { id, both };
  };

  const refusedByPolicy = (
    withdrawalId: string,
    reason: string,
    policyRefusal: PolicyRefusal,
  ): InboundEvent => ({
    id: randomUUID(),
    change: {
      kind: 'fact',
      withdrawalId,
      by: null,
      fact: () => ({ trigger: 'hold_refused', reason, policyRefusal }),
    },
  });

  describe('a withdrawal', () => {
    it('is answered in the submission shape once its hold is placed, and in the status shape ever after', async () => {
      const body = { ...GOOD, client_reference: 'shapes' };
      const first = await placed(body);

      expect(first).toMatchObject({
        status: 200,
        body: {
          success: true,
          message: 'OK',
          data: {
            status: 'pending',
            stage: 'awaiting_venue',
            amount_decimal: '50.000000',
            fee_decimal: '1.050000',
          },
        },
      });
      const { withdrawal_id } = first.body.data;
      const replay = await post(body);
      expect(replay).toMatchObject({
        status: 200,
        body: {
          data: {
            id: withdrawal_id,
            amount: '50.000000',
            fee: '1.050000',
            client_reference: 'shapes',
          },
        },
      });
      expect(
        (await api.send({ target: `/v1/withdrawals/${String(withdrawal_id)}`, key })).body,
      ).toEqual(replay.body);
    });

    it('repeated with a wait is answered when the venue has answered', async () => {
      const body = { ...GOOD, client_reference: 'repeat waits' };
      const first = post(body);
      const id = await recorded('repeat waits');
      await receive(api, id, 'hold_placed');
      expect((await first).body.data).toMatchObject({ stage: 'awaiting_venue' });

      const repeat = post(body, { headers: { prefer: 'wait=20' } });
      const early = await Promise.race([repeat, sleep(300)]);
      await receive(api, id, 'accepted');

      expect(early).toBeUndefined();
      const { status, headers, body: answer } = await repeat;
      expect([status, headers['preference-applied']]).toEqual([200, 'wait=20']);
      expect(answer.data['stage']).not.toBe('awaiting_venue');
    });

    it.each([{}, { prefer: 'wait=20' }])(
      'that waits for people is answered at once, also its repeat, with the headers %j',
      async (headers) => {
        const body = { ...GOOD, client_reference: `people ${Object.keys(headers).length}` };
        const first = post(body, { headers });
        const id = await recorded(body.client_reference);
        await receive(api, id, 'approval_asked');
        const waiting = {
          status: 200,
          body: { data: { status: 'pending', stage: 'awaiting_approval' } },
        };

        expect(await first).toMatchObject(waiting);
        const started = Date.now();
        expect(await post(body, { headers })).toMatchObject(waiting);
        expect(Date.now() - started).toBeLessThan(10_000);

        await receive(api, id, 'approval_ended');
        expect((await post(body)).body.data).toMatchObject({
          status: 'failed',
          error_code: 'approval_refused',
          error_message: 'The payment was not approved',
        });
      },
    );

    it('is one, however its idempotency key came: in the body, or as the header', async () => {
      const header = { headers: { 'idempotency-key': 'by header' } };
      const first = post(GOOD, header);
      await receive(api, await recorded('by header'), 'hold_placed');
      const { withdrawal_id } = (await first).body.data;

      expect((await post(GOOD, header)).body.data).toMatchObject({ id: withdrawal_id });
      expect((await post({ ...GOOD, client_reference: 'by header' })).body.data).toMatchObject({
        id: withdrawal_id,
        client_reference: 'by header',
      });
      expect(await post({ ...GOOD, client_reference: 'another' }, header)).toMatchObject(
        refusal(422, 'Idempotency-Key: Header should be the same as client_reference'),
      );
    });

    it('is none where the idempotency key is misspelt: without it the retry would pay again', async () => {
      expect(await post({ ...GOOD, clientReference: 'misspelt' })).toMatchObject(
        refusal(422, 'clientReference: Unknown field; did you mean client_reference?'),
      );
      expect(await post({ ...GOOD, idempotency_key: 'misspelt' })).toMatchObject(
        refusal(422, 'idempotency_key: Unknown field; did you mean client_reference?'),
      );
      expect(await countOf(api.database, `withdrawal WHERE client_reference = 'misspelt'`)).toBe(0);
    });

    it('wakes a request in one instance by what another instance committed', async () => {
      const first = post({ ...GOOD, client_reference: 'two instances' });
      const id = await recorded('two instances');
      const started = Date.now();
      await receive(other, id, 'hold_placed');
      expect((await first).status).toBe(200);
      expect(Date.now() - started).toBeLessThan(4_000); // it would have waited five seconds by itself
    });

    it('is refused with 400 when the hold is, and the reference is free again', async () => {
      const body = { ...GOOD, client_reference: 'poor' };
      const { id, both } = await twice(body);
      await receive(other, id, 'hold_refused');
      const insufficient = refusal(400, 'Insufficient available balance for this withdrawal');
      expect(await both).toMatchObject([insufficient, insufficient]);
      expect(await countOf(api.database, `withdrawal WHERE client_reference = 'poor'`)).toBe(0);

      expect((await placed({ ...body, amount: '20' })).status).toBe(200);
    });

    it('is refused with 403 when a limit refuses the hold, with the limit, and the reference is free again', async () => {
      const body = { ...GOOD, client_reference: 'over the limit of a day' };
      const limit = { rule: 'per-day', remaining: '120', unit: 'EUR' };
      const data = { ...limit, frees_at: '2026-11-21T00:00:00+00:00' };
      const over = {
        status: 403,
        body: {
          success: false,
          message: 'Withdrawal exceeds a limit of the spending policy',
          data,
        },
      };
      const { id, both } = await twice(body);
      await other.saga.take([
        refusedByPolicy(id, 'limit_exceeded', { ...limit, freesAt: '2026-11-21T00:00:00.000Z' }),
      ]);
      expect(await both).toMatchObject([over, over]);
      expect(
        await api.database.query(
          'SELECT state, error_message, policy_refusal, rejected_reference FROM withdrawal WHERE id = $1',
          [id],
        ),
      ).toEqual([
        {
          state: 'rejected',
          error_message: 'limit_exceeded',
          policy_refusal: { ...limit, freesAt: '2026-11-21T00:00:00.000Z' },
          rejected_reference: 'over the limit of a day',
        },
      ]);

      expect((await placed({ ...body, amount: '20' })).status).toBe(200);
    });

    it('is refused with 403 and the rule when the spending policy denies it, also in a batch', async () => {
      const item = { ...GOOD, client_reference: 'denied' };
      const batch = api.post('/v1/withdrawals/batch', { withdrawals: [item] }, { key });
      const rule = { rule: 'venues', remaining: null, unit: null, freesAt: null };
      await api.saga.take([refusedByPolicy(await recorded('denied'), 'policy_denied', rule)]);

      expect((await batch).body.data).toEqual([
        {
          index: 0,
          client_reference: 'denied',
          status_code: 403,
          success: false,
          message: 'The spending policy does not allow this withdrawal',
          data: null,
          refusal: { rule: 'venues' },
        },
      ]);
    });

    it('refused with 400 has no event, nor has one that is refused after its 504, and both are asked for anew', async () => {
      const eventsOf = async (id: string) =>
        (await published(api.database, id)).filter(({ topic }) => topic === 'withdrawal.events');
      const body = { ...GOOD, client_reference: 'poor and late' };
      const insufficient = refusal(400, 'Insufficient available balance for this withdrawal');
      const refused = post(body);
      const first = await recorded('poor and late');
      await receive(api, first, 'hold_refused');
      expect(await refused).toMatchObject(insufficient);

      const timedOut = await post(body, {}, other); // waits for 300 ms
      expect(timedOut.status).toBe(504);
      const late = await recorded('poor and late');
      const [row] = await api.database.query<{ number: string }>(
        'SELECT number::text FROM withdrawal WHERE id = $1',
        [late],
      );
      const shown = () => api.send({ target: `/v1/withdrawals/${row?.number}`, key });
      expect((await shown()).body.data).toMatchObject({ status: 'pending' });
      await receive(other, late, 'hold_refused');
      expect(await shown()).toMatchObject(refusal(404, 'Withdrawal not found'));

      const repeated = post(body); // the reference is free, so the ledger is asked again
      const again = await recorded('poor and late');
      await receive(api, again, 'hold_refused');
      expect(await repeated).toMatchObject(insufficient);
      expect(new Set([first, late, again]).size).toBe(3);
      for (const id of [first, late, again]) expect(await eventsOf(id)).toEqual([]);
    });

    it('is refused at once when too many wait for their holds already, and is taken when one of them has been answered', async () => {
      const narrow = await givenApi(url, {
        ...testValues({ holdTimeoutMs: 30000, maxPendingRequests: 1 }),
      });
      const [first, body] = [
        { ...GOOD, client_reference: 'within the limit' },
        { ...GOOD, client_reference: 'over the limit' },
      ];
      const waiting = post(first, {}, narrow);
      const id = await recorded('within the limit');

      const refused = await post(body, {}, narrow);
      expect(refused).toMatchObject({
        ...refusal(503, 'Too many requests at this moment'),
        headers: { 'retry-after': '1' },
      });
      expect(
        await countOf(api.database, `withdrawal WHERE client_reference = 'over the limit'`),
      ).toBe(0);

      await receive(narrow, id, 'hold_placed');
      expect(await waiting).toMatchObject({ status: 200 });
      const later = post(body, {}, narrow);
      await receive(narrow, await recorded('over the limit'), 'hold_placed');
      expect(await later).toMatchObject({ status: 200 });
      await narrow.close();
    });

    it('is answered with 504 when the ledger is silent; a retry with its reference shows the row', async () => {
      const body = { ...GOOD, client_reference: 'silent ledger' };
      expect(await post(body, {}, other)).toMatchObject(
        refusal(504, 'Withdrawal submission is still in progress'),
      );

      expect(await post(body, {}, other)).toMatchObject({
        status: 200,
        body: { data: { status: 'pending', stage: 'awaiting_hold' } },
      });
      await receive(other, await recorded('silent ledger'), 'hold_placed', 'accepted');
      expect(await post(body, {}, other)).toMatchObject({
        status: 200,
        body: { data: { stage: 'processing_at_venue' } },
      });
      expect(
        await countOf(api.database, `withdrawal WHERE client_reference = 'silent ledger'`),
      ).toBe(1);
    });

    it('is refused with 409 under a reference used for something else, before any other rule', async () => {
      await placed({ ...GOOD, client_reference: 'reused' });
      const conflict = refusal(409, 'client_reference was already used with different parameters');
      expect(await post({ ...GOOD, client_reference: 'reused', amount: '51' })).toMatchObject(
        conflict,
      );
      expect(await post({ ...GOOD, client_reference: 'reused', amount: '0.1' })).toMatchObject(
        conflict,
      ); // below the minimum, too
      expect(await post({ ...GOOD, client_reference: 'reused', amount: '50.000' })).toMatchObject({
        status: 200,
      });
    });

    it('with Prefer: wait is answered once the venue has spoken, whichever instance received it', async () => {
      const waiting = { headers: { prefer: 'wait=10' } };
      for (const at of [api, other]) {
        const reference = `prefer ${at.port}`;
        const first = post({ ...GOOD, client_reference: reference }, waiting);
        await receive(at, await recorded(reference), 'hold_placed', 'accepted');
        expect(await first).toMatchObject({
          status: 200,
          headers: { 'preference-applied': 'wait=10' },
          body: { data: { stage: 'processing_at_venue' } },
        });
      }
    });

    it('with Prefer: wait is answered with the contract’s 502 when the venue refused it and the hold was released', async () => {
      const first = post(
        { ...GOOD, client_reference: 'refused' },
        { headers: { prefer: 'wait=10' } },
      );
      await receive(other, await recorded('refused'), 'hold_placed', 'refused', 'hold_released');
      expect((await first).body).toEqual({
        success: false,
        message: 'Failed to broadcast withdrawal transaction',
        data: {
          withdrawal_id: expect.any(Number) as number,
          error_code: 'broadcast_rejected',
          error_message: 'The payment was refused before it was broadcast',
        },
      });
      expect((await first).status).toBe(502);
      expect(await post({ ...GOOD, client_reference: 'refused' })).toMatchObject({
        status: 200,
        body: {
          data: {
            status: 'failed',
            error_message: 'The payment was refused before it was broadcast',
            error_code: 'broadcast_rejected',
          },
        },
      });
    });

    it('shows what a venue or an operator has written to operators alone', async () => {
      await post({ ...GOOD, client_reference: 'told' }, { headers: { prefer: 'wait=0' } });
      const id = await recorded('told');
      await receive(api, id, 'hold_placed', 'refused', 'hold_released');
      const answer = await post({ ...GOOD, client_reference: 'told' });
      const events = (await published(api.database)).filter(({ type }) =>
        type.startsWith('withdrawal.'),
      );
      const number = String(answer.body.data['id']);
      const shown = await api.send({ target: `/internal/withdrawals/${number}` });

      expect(`${answer.text} ${JSON.stringify(events)}`).not.toContain('over the daily limit');
      expect(events.map(({ data }) => data['reason'])).toContain('broadcast_rejected');
      expect(shown.text).toContain('limit: over the daily limit');
    });

    it('belongs to its account: for another it does not exist', async () => {
      const otherAccountKey = await api.createKey(await givenAccount(api.database), [
        'read_withdrawal_status',
      ]);
      const [row] = await api.database.query<{ number: string }>(
        `SELECT number::text FROM withdrawal LIMIT 1`,
      );
      const notFound = refusal(404, 'Withdrawal not found');
      expect(
        await api.send({ target: `/v1/withdrawals/${row?.number}`, key: otherAccountKey }),
      ).toMatchObject(notFound);
      expect(await api.send({ target: '/v1/withdrawals/999999', key })).toMatchObject(notFound);
      expect(await api.send({ target: '/v1/withdrawals/1x', key })).toMatchObject(
        refusal(422, 'withdrawal_id: Input should be a valid integer'),
      );
    });
  });

  it.each<[object, number, string]>([
    [{ network: 'MOON', currency: 'DOGE' }, 404, 'Network not found'],
    [{ currency: 'DOGE' }, 404, 'Currency not found'],
    [{ currency: 'BTC' }, 403, 'Withdrawals for this currency are not enabled for this account'],
    [
      { to_address: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' },
      400,
      'The address format is invalid for this network',
    ],
    [
      { to_address: '0xdac17f958d2ee523a2206206994597c13d831ec7' },
      400,
      'Nobody could spend what is sent to this address',
    ],
    [
      { to_address: undefined, destination: { type: 'venue_account', kind: 'uid', value: 'me' } },
      422,
      'destination.value: gateio takes a whole number of at most 19 digits as uid',
    ],
    [{ amount: '1.999999' }, 400, 'Withdrawal amount is below the minimum allowed'],
    [{ amount: '0.0000001' }, 400, 'Withdrawal amount is below the minimum allowed'],
    [
      { amount: '50.0000001' },
      422,
      'amount: Decimal input should have no more than 6 decimal places',
    ],
    [{ venue: 'bybit' }, 422, 'venue: bybit does not pay this currency on this network'],
    [{ amount: 0 }, 422, 'amount: Input should be greater than 0'],
    [
      { amount: '9'.repeat(38) },
      422,
      'amount: Decimal input should have no more than 22 digits before the decimal point',
    ],
    [
      { currency: undefined, to_address: 'short' },
      422,
      'currency: Field required; to_address: String should have at least 10 characters',
    ],
  ])('refuses %j with %i %s, and the reference is not used up', async (change, status, message) => {
    expect(await post({ ...GOOD, client_reference: 'never taken', ...change })).toMatchObject(
      refusal(status, message),
    );
    expect(
      await countOf(
        api.database,
        `withdrawal WHERE 'never taken' IN (client_reference, rejected_reference)`,
      ),
    ).toBe(0);
  });

  it.each<[string, ApiCall, number, string]>([
    ['no body', { body: '' }, 422, 'body: Field required'],
    [
      'no body with a content type',
      { body: '', headers: { 'content-type': 'application/json' } },
      422,
      'body: Field required',
    ],
    ['broken JSON', { body: '{"amount":' }, 422, 'body: Input should be valid JSON'],
    [
      'a wrong content type',
      { body: '{}', headers: { 'content-type': 'text/plain' } },
      415,
      'Content-Type must be application/json',
    ],
    [
      'a form',
      { body: 'a=1', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      415,
      'Content-Type must be application/json',
    ],
    [
      'a body in another charset',
      { body: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'Content-Type must have the charset utf-8, or none',
    ],
    [
      'a byte order mark',
      { body: `\ufeff${JSON.stringify(GOOD)}` },
      422,
      'body: Input should begin without a byte order mark',
    ],
    ...['gzip', 'identity, BR'].map((encoding): [string, ApiCall, number, string] => [
      `a body in ${encoding}`,
      { body: gzipSync(JSON.stringify(GOOD)), headers: { 'content-encoding': encoding } },
      415,
      'Content-Encoding must be identity, or absent',
    ]),
    [
      'a compressed body whose text is signed',
      { body: gzipSync(JSON.stringify(GOOD)), headers: SIGNED_AS_TEXT },
      415,
      'Content-Encoding must be identity, or absent',
    ],
    [
      'an encoding that changes nothing',
      { body: '{"amount":', headers: { 'content-encoding': 'Identity' } },
      422,
      'body: Input should be valid JSON',
    ],
    ['a 1 MB body', { body: `{"a":"${'x'.repeat(1_000_000)}"}` }, 413, 'Request body too large'],
    [
      'lists as deep as a body may be',
      { body: '['.repeat(65_000) },
      422,
      'body: Input should be valid JSON',
    ],
  ])('answers %s', async (_what, call, status, message) => {
    expect(await post('', call)).toMatchObject(refusal(status, message));
  });

  it('takes a number as amount without losing a digit', async () => {
    const body = `{"currency":"ETH","network":"ETH","to_address":"${ADDRESS}","amount":123.45678901,"client_reference":"digits"}`;
    const first = post(body);
    await receive(api, await recorded('digits'), 'hold_placed');
    expect((await first).body.data).toMatchObject({
      amount_decimal: '123.456789010000000000',
    });
  });
});
