import { randomUUID } from 'node:crypto';
import { ownerUrlOf, freshTimestamp } from '@sluice/stack';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { ApiClient, sendBytes, type Answer, type Call } from './testkit/api-client.js';
import { freshAddress, numberOf, toAddress, toUser, type Customer } from './testkit/customer.js';
import type { TestSystem } from './testkit/given-system.js';
import { sharedSystem } from './testkit/shared-system.js';

const WITHDRAWALS = '/v1/withdrawals';

describe('refusals', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await sharedSystem();
    customer = await sluice.customer({ funds: '1000' });
  });
  afterEach(() => sluice.proveBooks());

  const statusAndMessage = ({ status, message }: Answer) => [status, message];
  const post = (
    body: object | string,
    more: Partial<Call> = {},
    api = customer.api,
  ): Promise<Answer> =>
    api.send({
      method: 'POST',
      target: WITHDRAWALS,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...more,
    });
  const ping = (headers: Record<string, string>, timestamp = freshTimestamp()) =>
    customer.api.send({ target: '/v1/_ping', headers, timestamp });

  describe('of authentication', () => {
    it.each(['x-cpg-key', 'x-cpg-timestamp', 'x-cpg-signature'])(
      'a request without %s',
      async (missing) => {
        expect(statusAndMessage(await ping({ [missing]: '' }))).toEqual([
          401,
          'Missing authentication headers',
        ]);
      },
    );

    it('a request that is not signed at all', async () => {
      expect(
        statusAndMessage(
          await sendBytes(customer.api.url, { method: 'GET', target: '/v1/balances' }),
        ),
      ).toEqual([401, 'Missing authentication headers']);
    });

    it.each([
      ['301 s ago', () => String(Math.floor(Date.now() / 1000) - 302)],
      ['in 310 s', () => String(Math.floor(Date.now() / 1000) + 310)],
      ['no integer', () => `${Math.floor(Date.now() / 1000)}.5`],
      ['no time', () => 'now'],
      ['negative', () => '-1'],
    ])('a timestamp %s', async (_when, timestamp) => {
      expect(statusAndMessage(await ping({}, timestamp()))).toEqual([
        401,
        'Request timestamp is outside the allowed window',
      ]);
    });

    it('an unknown key', async () => {
      expect(statusAndMessage(await ping({ 'x-cpg-key': 'pk_unknown' }))).toEqual([
        401,
        'Invalid API key',
      ]);
    });

    it('a revoked key, at once', async () => {
      const revoked = await customer.withAnotherKey();
      expect((await revoked.send({ target: '/v1/_ping' })).status).toBe(200);
      await sluice.admin.intake.revokeKey(revoked.key.key_id);

      expect(statusAndMessage(await revoked.send({ target: '/v1/_ping' }))).toEqual([
        401,
        'Invalid API key',
      ]);
      revoked.close();
    });

    it('a signature over something else: another secret, body, path or query', async () => {
      const intruder = new ApiClient(customer.api.url, { ...customer.api.key, secret: 'guessed' });
      const forged = [
        await intruder.send({ target: '/v1/_ping' }),
        await ping({ 'x-cpg-signature': 'ab'.repeat(32) }),
        await resent(await signed({ target: '/v1/balances?currency=USDT' }), {
          target: '/v1/balances?currency=usdt',
        }),
        await resent(
          await signed({ method: 'POST', target: WITHDRAWALS, body: JSON.stringify(toAddress()) }),
          { body: JSON.stringify(toAddress()) },
        ),
      ];
      intruder.close();

      expect(forged.map(statusAndMessage)).toEqual(Array(4).fill([401, 'Invalid signature']));
    });

    it('a request sent twice, also in other letters', async () => {
      const request = await signed({ target: '/v1/_ping' });

      expect((await resent(request)).status).toBe(200);
      expect(statusAndMessage(await resent(request))).toEqual([
        401,
        'Request signature has already been used',
      ]);
      const { 'x-cpg-signature': signature = '', ...headers } = customer.api.headersOf({
        ...request.call,
        timestamp: request.timestamp,
      });
      const inCapitals = { ...headers, 'x-cpg-signature': signature.toUpperCase() };
      expect(
        statusAndMessage(
          await sendBytes(customer.api.url, {
            method: 'GET',
            target: '/v1/_ping',
            headers: inCapitals,
          }),
        ),
      ).toEqual([401, 'Invalid signature']);
    });

    it('a source address that is not on the list of the key', async () => {
      const elsewhere = await customer.withAnotherKey({
        allowed_ips: ['10.0.0.0/8', '2001:db8::/32'],
      });
      const here = await customer.withAnotherKey({ allowed_ips: ['127.0.0.0/8'] });

      expect(statusAndMessage(await elsewhere.send({ target: '/v1/_ping' }))).toEqual([
        403,
        'Source IP is not allowed for this API key',
      ]);
      expect((await here.send({ target: '/v1/_ping' })).status).toBe(200);
      elsewhere.close();
      here.close();
    });

    it('more requests than the key has in a minute, without Retry-After', async () => {
      const limited = await customer.withAnotherKey({ rate_limit_per_min: 3 });
      const answers: Answer[] = [];
      for (let sent = 0; sent < 8; sent++)
        answers.push(await limited.send({ target: '/v1/_ping' })); // over the change of a minute 6 pass
      limited.close();

      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.length).toBeGreaterThanOrEqual(2);
      for (const answer of refused) {
        expect(statusAndMessage(answer)).toEqual([429, 'Rate limit exceeded']);
        expect(
          Object.keys(answer.headers).filter((name) => /retry-after|ratelimit/.test(name)),
        ).toEqual([]);
      }
    });

    it('a key without the permission', async () => {
      const reader = await customer.withAnotherKey({ permissions: ['read_balance'] });
      const blind = await customer.withAnotherKey({ permissions: [] });
      const refused = [
        await post(toAddress(), {}, reader),
        await reader.send({ target: `${WITHDRAWALS}/1` }),
        await blind.send({ target: '/v1/balances' }),
      ];
      reader.close();
      blind.close();

      expect(refused.map(statusAndMessage)).toEqual(
        Array(3).fill([403, 'API key does not have the required permission']),
      );
    });
  });

  describe('of a withdrawal', () => {
    const tron = 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL';
    it.each<[string, object, number, string]>([
      ['unknown network', { network: 'MOON' }, 404, 'Network not found'],
      ['unknown currency', { currency: 'DOGE' }, 404, 'Currency not found'],
      [
        'currency that is not on this network',
        { currency: 'BTC' },
        403,
        'Withdrawals for this currency are not enabled for this account',
      ],
      [
        'address of another chain',
        { to_address: tron },
        400,
        'The address format is invalid for this network',
      ],
      [
        'address with a wrong checksum',
        { to_address: `${tron.slice(0, -1)}M`, network: 'TRX' },
        400,
        'The address format is invalid for this network',
      ],
      [
        'amount below the minimum',
        { amount: '1.99' },
        400,
        'Withdrawal amount is below the minimum allowed',
      ],
      [
        'amount of zero raw units',
        { amount: '0.0000001' },
        400,
        'Withdrawal amount is below the minimum allowed',
      ],
      [
        'more than there is, with the fee',
        { amount: '999' },
        400,
        'Insufficient available balance for this withdrawal',
      ],
      [
        'more than there is, and than any venue pays',
        { amount: '1234567890123456789.123456' },
        400,
        'Insufficient available balance for this withdrawal',
      ],
      [
        'another balance that is empty',
        { network: 'TRX', to_address: tron },
        400,
        'Insufficient available balance for this withdrawal',
      ],
      ['missing amount', { amount: undefined }, 422, 'amount: Field required'],
      ['amount of null', { amount: null }, 422, 'amount: Input should be a valid decimal'],
      ['negative amount', { amount: '-5' }, 422, 'amount: Input should be greater than 0'],
      ['amount of zero', { amount: '0.000' }, 422, 'amount: Input should be greater than 0'],
      [
        'amount with an exponent',
        { amount: '1e3' },
        422,
        'amount: Input should be a valid decimal',
      ],
      ['amount with a comma', { amount: '1,5' }, 422, 'amount: Input should be a valid decimal'],
      ['amount with blanks', { amount: ' 5' }, 422, 'amount: Input should be a valid decimal'],
      [
        'amount that is no number',
        { amount: 'NaN' },
        422,
        'amount: Input should be a valid decimal',
      ],
      [
        'more decimals than the currency has',
        { amount: '5.1234567' },
        422,
        'amount: Decimal input should have no more than 6 decimal places',
      ],
      [
        'short address',
        { to_address: '0x123' },
        422,
        'to_address: String should have at least 10 characters',
      ],
      [
        'long reference',
        { client_reference: 'x'.repeat(129) },
        422,
        'client_reference: String should have at most 128 characters',
      ],
      ['network of the wrong type', { network: 7 }, 422, 'network: Input should be a valid string'],
      [
        'unknown venue',
        { venue: 'nowhere' },
        422,
        'venue: nowhere does not pay this currency on this network',
      ],
      [
        'several faults at once',
        { amount: 'x', to_address: 'short', currency: '' },
        422,
        'currency: String should have at least 1 characters; to_address: String should have at least 10 characters; amount: Input should be a valid decimal',
      ],
      [
        'address and destination together',
        { destination: { type: 'venue_account', kind: 'uid', value: '12345678' } },
        422,
        'destination: Only one of to_address and destination may be given',
      ],
    ])('%s', async (_title, change, status, message) => {
      expect(statusAndMessage(await post(toAddress(change)))).toEqual([status, message]);
    });

    it('a currency that is switched off for the account', async () => {
      const database = new Client({ connectionString: ownerUrlOf(sluice.system, 'intake-api') });
      await database.connect();
      const other = await sluice.customer();
      await database.query(
        'UPDATE account_currency SET withdrawal_enabled = false WHERE account_id = $1',
        [other.accountId],
      );
      await database.query(`SELECT pg_notify('intake_config', '')`);
      await database.end();

      const refused = await other.post(toAddress());
      expect(statusAndMessage(refused)).toEqual([
        403,
        'Withdrawals for this currency are not enabled for this account',
      ]);
    });

    it('leaves no row behind, and does not use up the reference', async () => {
      const body = toAddress();
      const before = (await customer.withdrawals()).length;
      await post({ ...body, amount: '1' });
      await post({ ...body, network: 'MOON' });
      expect(await customer.withdrawals()).toHaveLength(before);

      const poor = await customer.post({ ...body, amount: '5000' });
      expect(statusAndMessage(poor)).toEqual([
        400,
        'Insufficient available balance for this withdrawal',
      ]);
      const paid = await customer.post(body);
      expect(paid.data).toMatchObject({
        amount_decimal: '5.250000',
        withdrawal_id: expect.any(Number),
      });
      await customer.reaches(numberOf(paid), ['completed']);
    });

    it('of one account is nothing the others may see', async () => {
      const posted = await customer.post(toAddress());
      const intruder = await sluice.customer();

      expect(statusAndMessage(await intruder.get(numberOf(posted)))).toEqual([
        404,
        'Withdrawal not found',
      ]);
      expect(statusAndMessage(await customer.get(999_999_999))).toEqual([
        404,
        'Withdrawal not found',
      ]);
      expect(statusAndMessage(await customer.get('first'))).toEqual([
        422,
        'withdrawal_id: Input should be a valid integer',
      ]);
      await customer.reaches(numberOf(posted), ['completed']);
    });
  });

  describe('of what is not there', () => {
    it.each([
      ['GET', '/v1/nothing', 404, 'Not found'],
      ['GET', '/', 404, 'Not found'],
      ['PUT', WITHDRAWALS, 405, 'Method not allowed'],
      ['GET', `${WITHDRAWALS}/batch/1`, 404, 'Not found'],
      ['DELETE', `${WITHDRAWALS}/preview`, 405, 'Method not allowed'],
      ['GET', `${WITHDRAWALS}/batch`, 405, 'Method not allowed'],
      ['PATCH', `${WITHDRAWALS}/1`, 405, 'Method not allowed'],
      ['POST', '/v1/balances', 405, 'Method not allowed'],
      ['GET', '/internal/invariants', 404, 'Not found'],
      ['GET', '/internal/withdrawals', 404, 'Not found'],
      ['GET', '/metrics', 404, 'Not found'],
      ['GET', '/%69nternal/invariants', 404, 'Not found'],
      ['GET', '//internal/invariants', 404, 'Not found'],
    ])('%s %s on the public port', async (method, target, status, message) => {
      const answer = await customer.api.send({ method, target });
      const withToken = await customer.api.send({
        method,
        target,
        headers: { authorization: `Bearer ${sluice.system.issuer.tokenOf('demo')}` },
      });

      expect([statusAndMessage(answer), statusAndMessage(withToken)]).toEqual(
        Array(2).fill([status, message]),
      );
    });

    it('the admin API, with another token or none', async () => {
      const urls = sluice.system.run.internal;
      for (const url of Object.values(urls)) {
        for (const [headers, message] of [
          [{}, 'A token is required: Authorization: Bearer …'],
          [
            { authorization: 'Bearer wrong' },
            'The token is refused for its form, algorithm or signature',
          ],
        ] as [Record<string, string>, string][]) {
          const answer = await sendBytes(url, {
            method: 'GET',
            target: '/internal/invariants',
            headers,
          });
          expect(statusAndMessage(answer)).toEqual([401, message]);
        }
      }
      expect(
        (await sendBytes(urls.intake_api, { method: 'GET', target: '/v1/_ping' })).status,
      ).toBe(404);
    });
  });

  describe('of a service that was taken over', () => {
    it('opens nothing anywhere, whatever its environment holds', async () => {
      const pid = sluice.system.processes.get('connector-gateio')?.pid() ?? 0;
      const values = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((line) => line.slice(line.indexOf('=') + 1))
        .filter((value) => value !== '');
      expect(values.length).toBeGreaterThan(8);

      for (const url of Object.values(sluice.system.run.internal))
        for (const value of values) {
          const headers = { authorization: `Bearer ${value}` };
          const call = { method: 'GET', target: '/internal/invariants', headers };
          expect([value, (await sendBytes(url, call)).status]).toEqual([value, 401]);
        }
    });
  });

  describe('of the form of a body', () => {
    it.each<[string, string | Buffer, number, string]>([
      ['broken JSON', '{"currency": "USDT"', 422, 'body: Input should be valid JSON'],
      ['no JSON object', '["USDT"]', 422, 'body: Input should be a valid object'],
      ['a bare number', '5', 422, 'body: Input should be a valid object'],
      ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 422, 'body: Input should be valid UTF-8'],
      [
        'a body of 1 MB',
        JSON.stringify({ ...toAddress(), note: 'x'.repeat(1_048_576) }),
        413,
        'Request body too large',
      ],
    ])('%s', async (_title, body, status, message) => {
      expect(
        statusAndMessage(await customer.api.send({ method: 'POST', target: WITHDRAWALS, body })),
      ).toEqual([status, message]);
    });

    it('no body', async () => {
      expect(statusAndMessage(await post('', { headers: { 'content-length': '0' } }))).toEqual([
        422,
        'body: Field required',
      ]);
    });

    it('another content type', async () => {
      const body = JSON.stringify(toAddress());
      expect(
        statusAndMessage(await post(body, { headers: { 'content-type': 'text/plain' } })),
      ).toEqual([415, 'Content-Type must be application/json']);
    });
  });

  describe('none', () => {
    it('for unknown fields: unknown fields are ignored', async () => {
      const posted = await customer.post(
        toAddress({ note: { deep: [1, 2, 3] }, __proto__: null, fee: '0' }),
      );

      expect(posted).toMatchObject({ status: 200, data: { fee_decimal: '1.005250' } });
      await customer.reaches(numberOf(posted), ['completed']);
    });

    it('for a reference in any script: it comes back as it was sent', async () => {
      const reference = `Auszahlung №7 – 支払い 💸 ${randomUUID()}`;
      const posted = await customer.post(toUser({ client_reference: reference }));

      await customer.reaches(numberOf(posted), ['completed']);
      expect((await customer.get(numberOf(posted))).data['client_reference']).toBe(reference);
    });

    it('for a JSON number that no float could hold, whose every digit reaches the hold', async () => {
      const amount = '987654.123456'; // the most digits below what a connector ever sends by one call
      const rich = await sluice.customer({ funds: '999999.123457' });
      const body = toUser();
      rich.asked.set(body.client_reference, body);
      const posted = await post(
        JSON.stringify(body).replace('"amount":"7.5"', `"amount":${amount}`),
        {},
        rich.api,
      );

      expect(posted.data).toMatchObject({ amount_decimal: amount, fee_decimal: '988.654124' });
      await rich.reaches(numberOf(posted), ['completed']);
      expect(await rich.balance()).toMatchObject({ balance: '11356.345877', held: '0' });
    });

    it('for codes in small letters and an address in any case', async () => {
      const posted = await customer.post(
        toAddress({
          currency: 'usdt',
          network: 'eth',
          to_address: freshAddress().toUpperCase().replace('0X', '0x'),
        }),
      );

      expect(posted.data).toMatchObject({ currency: 'USDT', network: 'ETH' });
      await customer.reaches(numberOf(posted), ['completed']);
    });
  });

  interface Signed {
    readonly call: Call;
    readonly timestamp: string;
  }

  async function signed(call: Call): Promise<Signed> {
    return Promise.resolve({ call, timestamp: freshTimestamp() });
  }

  /** The same headers, over what may have been changed on the way. */
  function resent({ call, timestamp }: Signed, changed: Partial<Call> = {}): Promise<Answer> {
    const headers = customer.api.headersOf({ ...call, timestamp });
    return sendBytes(customer.api.url, {
      method: 'GET',
      ...call,
      ...changed,
      headers: { ...headers, 'content-type': 'application/json' },
    });
  }
});
