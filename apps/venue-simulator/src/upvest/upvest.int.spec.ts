import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { givenSimulator, json, type JsonFields, type VenueReply } from '../testing/test-client.js';
import { problemOf, UpvestTestClient, type UpvestCredentials } from './upvest-test-client.js';

const simulator = givenSimulator('upvest');
let upvest: UpvestTestClient;

beforeEach(async () => {
  await fetch(`${simulator.url}/_sim/reset`, { method: 'POST' });
  upvest = await UpvestTestClient.of(simulator.url);
  await settings({ status_ms: 40 });
});

const settings = (patch: JsonFields): Promise<VenueReply> =>
  upvest.control('PUT', 'settings', patch);
const credentials = async (): Promise<JsonFields> =>
  json(await upvest.control('GET', 'credentials'));

describe('a withdrawal', () => {
  it('is answered with 200 as NEW, is processed and confirmed; the recipient gets the amount', async () => {
    const reply = await upvest.withdraw(
      { purpose_code: 'OTHR' },
      '0B5E1F9E-7A43-4F66-9A08-2F3A3C7CF0A1',
    );

    expect(reply.status).toBe(200);
    const taken = json(reply);
    expect(taken).toMatchObject({
      status: 'NEW',
      amount: '12.50',
      currency: 'EUR',
      remittance_information: 'order-1',
      purpose_code: 'OTHR',
      taxes: [],
    });
    expect(reply.headers.get('upvest-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await upvest.until(taken['id'], 'CONFIRMED')).toMatchObject({
      ...taken,
      status: 'CONFIRMED',
      updated_at: expect.any(String),
    });
    expect(await upvest.payments()).toMatchObject([
      {
        id: taken['id'],
        client_id: '0b5e1f9e-7a43-4f66-9a08-2f3a3c7cf0a1',
        currency: 'EUR',
        destination: upvest.key.reference_account_id,
        memo: 'order-1',
        amount: '12.50',
        net_amount: '12.50',
        status: 'CONFIRMED',
      },
    ]);
  });

  it('holds the cash when it is taken, and gives it back when it is cancelled', async () => {
    await settings({ balances: { EUR: '20.00' }, status_ms: { NEW: 60_000 } });
    const balance = async (): Promise<unknown> =>
      json(
        await upvest.call(
          'GET',
          `/account_groups/${upvest.key.account_group_id}/payments/cash_balance`,
        ),
      )['available_for_withdrawal'];
    const { id } = json(await upvest.withdraw());

    expect(await balance()).toBe('7.50');
    expect(problemOf(await upvest.withdraw())).toBe('unprocessable_entity');
    expect((await upvest.call('DELETE', `/payments/withdrawals/${String(id)}`)).status).toBe(204);
    expect(await upvest.get(id)).toMatchObject({ status: 'CANCELLED' });
    expect(await balance()).toBe('20.00');
  });

  it('cannot be cancelled once it is processed, nor when there is none', async () => {
    const { id } = json(await upvest.withdraw());
    await upvest.until(id, 'CONFIRMED');

    const late = await upvest.call('DELETE', `/payments/withdrawals/${String(id)}`);

    expect([late.status, problemOf(late)]).toEqual([409, 'conflict']);
    expect(problemOf(await upvest.call('DELETE', `/payments/withdrawals/${randomUUID()}`))).toBe(
      'not_found',
    );
  });

  it('passes the statuses that are written for its account', async () => {
    await settings({ scripts: { [upvest.key.reference_account_id]: ['NEW', 'RETURNED'] } });

    const { id } = json(await upvest.withdraw());

    await upvest.until(id, 'RETURNED');
  });

  it('at an unknown path receives a problem document', async () => {
    expect(problemOf(await upvest.call('GET', '/payments/refunds'))).toBe('not_found');
  });

  it.each(['NEW', 'PROCESSING'])(
    'to a rejected account is taken, and cancelled by itself while %s',
    async (rejected_while) => {
      await settings({
        rejected_reference_accounts: [upvest.key.reference_account_id],
        rejected_while,
      });

      const { id, status } = json(await upvest.withdraw());

      expect(status).toBe('NEW');
      await upvest.until(id, 'CANCELLED');
    },
  );

  it.each([
    ['a field is missing', { reference_account_id: undefined }, 400, 'invalid_request'],
    ['an id is no UUID', { user_id: 'me' }, 400, 'invalid_request'],
    ['the amount is a number', { amount: 12.5 }, 400, 'invalid_request'],
    ['the amount is zero', { amount: '0.00' }, 400, 'invalid_request'],
    ['the amount has one decimal', { amount: '12.5' }, 400, 'invalid_request'],
    ['the amount has an exponent', { amount: '1e3' }, 400, 'invalid_request'],
    ['the amount is negative', { amount: '-1.00' }, 400, 'invalid_request'],
    ['the currency is not EUR', { currency: 'USD' }, 400, 'invalid_request'],
    [
      'the remittance text is too long',
      { remittance_information: 'x'.repeat(141) },
      400,
      'invalid_request',
    ],
    ['the purpose code is none', { purpose_code: 'other' }, 400, 'invalid_request'],
    ['the user is unknown', { user_id: 'e56c14b3-8370-4c04-bc67-7092f7ec113c' }, 404, 'not_found'],
  ])('is refused, and leaves no row, when %s', async (_why, change, status, name) => {
    const reply = await upvest.withdraw(change);

    expect(reply.status).toBe(status);
    expect(problemOf(reply)).toBe(name);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(await upvest.payments()).toEqual([]);
  });

  it('of one user is not paid to the account of another', async () => {
    const [other] = (await credentials())['other_users'] as JsonFields[];

    expect(
      problemOf(await upvest.withdraw({ reference_account_id: other?.['reference_account_id'] })),
    ).toBe('not_found');
    expect(
      problemOf(await upvest.withdraw({ account_group_id: other?.['account_group_id'] })),
    ).toBe('not_found');
    expect((await upvest.withdraw(other)).status).toBe(200);
  });
});

describe('an idempotency key', () => {
  it('that has succeeded gets its first answer again, in any letters, and nothing is paid twice', async () => {
    const key = randomUUID();
    const first = await upvest.withdraw({}, key);
    await upvest.until(json(first)['id'], 'CONFIRMED');

    expect((await upvest.withdraw({}, key.toUpperCase())).text).toBe(first.text);
    expect((await upvest.withdraw({}, key)).text).toBe(first.text);
    await settings({ idempotency: { replays: 'present_state' } });
    expect(json(await upvest.withdraw({}, key))['status']).toBe('CONFIRMED');
    expect(await upvest.payments()).toHaveLength(1);
  });

  it('that has failed is not used up', async () => {
    const key = randomUUID();
    await upvest.withdraw({ amount: '0.00' }, key);

    expect((await upvest.withdraw({}, key)).status).toBe(200);
  });

  it('with another body, or while the first request runs, is a conflict', async () => {
    const key = randomUUID();
    await upvest.withdraw({}, key);
    const other = await upvest.withdraw({ amount: '13.00' }, key);
    await settings({ idempotency: { in_progress_ms: 60_000 } });
    const running = await upvest.withdraw({}, key);

    expect([other, running].map((reply) => [reply.status, problemOf(reply)])).toEqual([
      [409, 'conflict'],
      [409, 'conflict'],
    ]);
    expect(await upvest.payments()).toHaveLength(1);
  });

  it('is forgotten after its time, and then pays again', async () => {
    const key = randomUUID();
    await settings({ idempotency: { kept_ms: 30 } });
    await upvest.withdraw({}, key);
    await sleep(50);
    await upvest.withdraw({}, key);

    expect(await upvest.payments()).toHaveLength(2);
  });

  it('is needed, and has to be a UUID of version 0 to 5', async () => {
    expect(
      problemOf(
        await upvest.withdraw({}, undefined, { headers: { 'idempotency-key': undefined } }),
      ),
    ).toBe('missing_idempotency_key');
    expect(problemOf(await upvest.withdraw({}, '01932d5a-7c3e-7f00-8000-0123456789ab'))).toBe(
      'invalid_request',
    );
  });
});

describe('the list', () => {
  it('is of one account group, oldest first unless asked otherwise, in pages', async () => {
    const [other] = (await credentials())['other_users'] as JsonFields[];
    for (const remittance_information of ['a', 'b', 'c'])
      await upvest.withdraw({ remittance_information });
    await upvest.withdraw({ ...other, remittance_information: 'd' });
    const words = async (query: string): Promise<unknown[]> =>
      (await upvest.list(query)).data.map((row) => row['remittance_information']);

    expect(await words('')).toEqual(['a', 'b', 'c']);
    expect(await words('?order=DESC&limit=2')).toEqual(['c', 'b']);
    expect((await upvest.list('?sort=created_at&order=DESC&offset=2&limit=2')).meta).toEqual({
      offset: 2,
      limit: 2,
      count: 1,
      total_count: 3,
      sort: 'created_at',
      order: 'DESC',
    });
    await expect(upvest.list('?limit=1001')).rejects.toThrow('400');
  });

  it('lags if configured, but a single record is available at once', async () => {
    await settings({ listing_delay_ms: 60_000 });
    const { id } = json(await upvest.withdraw());

    expect((await upvest.list()).data).toEqual([]);
    expect(await upvest.get(id)).toMatchObject({ id });
  });
});

describe('the token', () => {
  it('is a bearer token with the scopes asked for, and its end', async () => {
    const reply = json(await upvest.login({ scope: 'payments:read' }));

    expect(reply).toMatchObject({
      token_type: 'bearer',
      expires_in: 1_799,
      scope: 'payments:read',
    });
    expect(reply['access_token']).toMatch(/^ory_at_[\w-]+\.[\w-]+$/);
    expect(problemOf(await upvest.withdraw())).toBe('forbidden');
    expect((await upvest.list()).data).toEqual([]);
  });

  it.each([
    [{ client_secret: 'wrong' }, 401],
    [{ client_id: 'another' }, 401],
    [{ grant_type: 'password' }, 400],
    [{ scope: '' }, 400],
    [{ scope: 'tests:admin' }, 400],
  ])('is refused for %j', async (change, status) => {
    expect((await upvest.login(change)).status).toBe(status);
  });

  it('ends: by its time, and all at once by a new generation', async () => {
    await settings({ token_generation: 2 });
    expect(problemOf(await upvest.withdraw())).toBe('unauthorised');
    await settings({ token_expires_in_s: 1 });
    await upvest.login();
    expect((await upvest.withdraw()).status).toBe(200);
    await sleep(1_050);
    expect(problemOf(await upvest.withdraw())).toBe('unauthorised');
    expect(
      problemOf(await upvest.withdraw({}, randomUUID(), { headers: { authorization: undefined } })),
    ).toBe('unauthorised');
  });

  it('lives on over a reset, if it lived', async () => {
    const ended = upvest.token;
    await settings({ token_generation: 2 });
    await upvest.login();
    await upvest.control('POST', 'reset');

    expect((await upvest.withdraw()).status).toBe(200);
    upvest.token = ended;
    expect(problemOf(await upvest.withdraw())).toBe('unauthorised');
  });

  it('of a client with fewer scopes cannot be asked to pay', async () => {
    const [readOnly] = (await credentials())['other_clients'] as UpvestCredentials[];
    const client = await UpvestTestClient.of(simulator.url, readOnly);

    expect(problemOf(await client.withdraw())).toBe('forbidden');
    expect(problemOf(await client.login({ scope: 'payments:admin' }))).toBe('invalid_request');
  });
});

describe('the signature', () => {
  const now = (): number => Math.floor(Date.now() / 1000);

  it('may be of an Ed25519 key too', async () => {
    const [other] = (await credentials())['other_keys'] as Partial<UpvestCredentials>[];

    expect((await (await UpvestTestClient.of(simulator.url, other)).withdraw()).status).toBe(200);
  });

  it.each([
    ['another version', { late: { 'upvest-signature-version': '6' } }],
    ['another digest', { late: { 'content-digest': 'sha-512=:AAAA:' } }],
    ['no key', { late: { 'signature-input': 'sig1=("@method")' } }],
    ['an unknown key', { signing: { keyId: randomUUID() } }],
    ['an end in the past', { signing: { created: now() - 20, expires: now() - 10 } }],
    ['a beginning in the future', { signing: { created: now() + 120, expires: now() + 125 } }],
    ['too long a time', { signing: { expires: now() + 400 } }],
    ['an uncovered idempotency key', { unsigned: ['idempotency-key'] }],
  ])('is refused with %s', async (_why, wire) => {
    const reply = await upvest.withdraw({}, randomUUID(), wire);

    expect([reply.status, problemOf(reply)]).toEqual([401, 'unauthorised']);
    expect(await upvest.payments()).toEqual([]);
  });

  it('is accepted only once by default', async () => {
    const signing = { nonce: 'the-same' };
    await upvest.withdraw({}, randomUUID(), { signing });

    expect(problemOf(await upvest.withdraw({}, randomUUID(), { signing }))).toBe('unauthorised');
    await settings({
      signature: { refuse_replayed_nonce: false, uncovered_allowed: ['idempotency-key'] },
    });
    expect(
      (await upvest.withdraw({}, randomUUID(), { signing, unsigned: ['idempotency-key'] })).status,
    ).toBe(200);
  });

  it('requires the id of the client', async () => {
    expect(
      problemOf(await upvest.withdraw({}, randomUUID(), { late: { 'upvest-client-id': '' } })),
    ).toBe('missing_client_id');
    expect(
      problemOf(
        await upvest.withdraw({}, randomUUID(), { late: { 'upvest-client-id': randomUUID() } }),
      ),
    ).toBe('unauthorised');
  });
});
