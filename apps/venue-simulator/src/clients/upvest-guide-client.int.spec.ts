import { randomUUID } from 'node:crypto';
import { eventually } from '@sluice/test-kit';
import { SimulatorProcess } from '../testing/library-client.js';
import {
  digestOf,
  UpvestGuideClient,
  type Bend,
  type GuideAnswer,
  type GuideCredentials,
} from '../testing/upvest-guide-client.js';

interface Credentials extends GuideCredentials {
  readonly user_id: string;
  readonly account_group_id: string;
  readonly reference_account_id: string;
  readonly other_keys: readonly { readonly key_id: string; readonly private_key: string }[];
}

let simulator: SimulatorProcess;
let credentials: Credentials;
let upvest: UpvestGuideClient;

beforeAll(async () => {
  simulator = await SimulatorProcess.start('upvest');
  credentials = (await simulator.control.credentials()) as Record<string, unknown> & Credentials;
});
beforeEach(async () => {
  await simulator.control.reset();
  upvest = new UpvestGuideClient(credentials);
  expect((await upvest.login()).status).toBe(200);
});
afterAll(() => simulator.stop());

function orderOf(change: object = {}): string {
  const { user_id, account_group_id, reference_account_id } = credentials;
  return JSON.stringify({
    user_id,
    account_group_id,
    reference_account_id,
    amount: '200.00',
    remittance_information: 'Invoice 42 ü',
    ...change,
  });
}

function withdraw(
  change: object = {},
  key = randomUUID() as string,
  bend: Bend = {},
): Promise<GuideAnswer> {
  return upvest.call('POST', '/payments/withdrawals', orderOf(change), {
    ...bend,
    headers: { 'idempotency-key': key, ...bend.headers },
  });
}

function json<T = Record<string, unknown>>(answer: GuideAnswer): T {
  return JSON.parse(answer.text) as T;
}

function problemOf(answer: GuideAnswer): readonly [number, string | undefined] {
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.headers['upvest-request-id']).toBe(json(answer)['request_id']);
  return [answer.status, String(json(answer)['type']).split('/').at(-1)];
}

it.each([
  [
    '{"hello": "world"}',
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
  ],
  [
    '{"key": "value"}',
    'sha-512=:Hd9/AvGZkbjitW1+Ml8Fg1ux1mtcDYe6mLQjDyoowIWa3LM/PmwN2v9O+MjtQGrCA3EQWUL54dlgxKHyYbrucw==:',
  ],
])('the client digests %s as the guide does', (body, digest) => {
  expect(digestOf(body)).toBe(digest);
});

describe('a client written from the Upvest guide', () => {
  it('gets an opaque token with its scopes', async () => {
    const answer = await upvest.login('payments:read');

    expect(json(answer)).toMatchObject({
      access_token: expect.stringMatching(/^[a-zA-Z0-9\-._~+/]+=*$/),
      expires_in: 1799,
      token_type: 'bearer',
      scope: 'payments:read',
    });
  });

  it('withdraws with each kind of key, and finds it by id and in the list', async () => {
    const first = json(await withdraw());
    const [other] = credentials.other_keys;
    upvest = new UpvestGuideClient({ ...credentials, ...other });
    await upvest.login();
    const second = json(await withdraw({ amount: '0.01', currency: 'EUR', purpose_code: 'OTHR' }));

    expect(first).toMatchObject({
      amount: '200.00',
      currency: 'EUR',
      status: 'NEW',
      remittance_information: 'Invoice 42 ü',
      taxes: [],
    });
    expect(
      json(await upvest.call('GET', `/payments/withdrawals/${String(first['id'])}`)),
    ).toMatchObject({ id: first['id'], status: 'NEW' });
    const listed = await upvest.call(
      'GET',
      `/account_groups/${credentials.account_group_id}/payments/withdrawals?sort=created_at&order=DESC&limit=10`,
    );
    expect(json(listed)).toMatchObject({
      meta: { offset: 0, limit: 10, count: 2, total_count: 2 },
      data: [{ id: second['id'] }, { id: first['id'] }],
    });
    expect(await simulator.control.payments()).toMatchObject([
      { amount: '200.00', net_amount: '200.00' },
      { amount: '0.01' },
    ]);
  });

  it('may sign other headers too, in any place', async () => {
    const answer = await withdraw({}, randomUUID(), {
      headers: { date: new Date().toUTCString(), 'x-note': 'a  b' },
    });

    expect(answer.status).toBe(200);
  });

  it('gets the first answer again for the same key and bytes, freshly signed', async () => {
    const key = randomUUID();
    const [first, second] = [await withdraw({}, key), await withdraw({}, key)];

    expect(second).toMatchObject({ status: 200, text: first.text });
    expect(await simulator.control.payments()).toHaveLength(1);
    expect(problemOf(await withdraw({ amount: '200.01' }, key))).toEqual([409, 'conflict']);
  });

  it('sees a withdrawal through to its end at the default pace', async () => {
    const { id } = json(await withdraw());

    const record = async (): Promise<unknown> =>
      json(await upvest.call('GET', `/payments/withdrawals/${String(id)}`))['status'];
    await eventually(async () => expect(await record()).toBe('PROCESSING'));
    expect(problemOf(await upvest.call('DELETE', `/payments/withdrawals/${String(id)}`))).toEqual([
      409,
      'conflict',
    ]);
    await eventually(async () => expect(await record()).toBe('CONFIRMED'));
  });

  it('cancels while it is new, and has its cash again', async () => {
    const { id } = json(await withdraw());

    expect(await upvest.call('DELETE', `/payments/withdrawals/${String(id)}`)).toMatchObject({
      status: 204,
      text: '',
    });
    expect(json(await upvest.call('GET', `/payments/withdrawals/${String(id)}`))).toMatchObject({
      status: 'CANCELLED',
    });
    const balance = await upvest.call(
      'GET',
      `/account_groups/${credentials.account_group_id}/payments/cash_balance`,
    );
    expect(json(balance)).toMatchObject({
      available_for_withdrawal: '1000000000.00',
      currency: 'EUR',
    });
  });

  it.each<readonly [string, object, readonly [number, string]]>([
    ['a third decimal', { amount: '1.001' }, [400, 'invalid_request']],
    ['a number for an amount', { amount: 200 }, [400, 'invalid_request']],
    ['another currency', { currency: 'USD' }, [400, 'invalid_request']],
    ['an unknown user', { user_id: '00000000-0000-4000-8000-000000000000' }, [404, 'not_found']],
  ])('is refused %s', async (_what, change, problem) => {
    expect(problemOf(await withdraw(change))).toEqual(problem);
    expect(await simulator.control.payments()).toEqual([]);
  });

  it('is refused what the cash does not cover', async () => {
    await simulator.control.settings({ balances: { EUR: '10.00' } });

    expect(problemOf(await withdraw())).toEqual([422, 'unprocessable_entity']);
  });

  it.each<readonly [string, Bend]>([
    ['another body than was signed', { afterwards: { 'content-digest': digestOf('{}') } }],
    ['an expired signature', { clockOffMs: -6_500 }],
    ['a signature from the future', { clockOffMs: 90_000 }],
    ['an idempotency key that is not covered', { uncovered: ['idempotency-key'] }],
    ['another version of the scheme', { afterwards: { 'upvest-signature-version': '6' } }],
    ['an unknown token', { headers: { authorization: 'Bearer nobody' } }],
  ])('is refused with %s', async (_what, bend) => {
    expect(problemOf(await withdraw({}, randomUUID(), bend))).toEqual([401, 'unauthorised']);
    expect(await simulator.control.payments()).toEqual([]);
  });

  it('is refused a nonce that it has used', async () => {
    await withdraw({}, randomUUID(), { nonce: 'once' });

    expect(problemOf(await withdraw({}, randomUUID(), { nonce: 'once' }))).toEqual([
      401,
      'unauthorised',
    ]);
  });

  it('is refused with a wrong secret, an unknown key, and a scope that it lacks', async () => {
    expect(
      problemOf(await new UpvestGuideClient({ ...credentials, client_secret: 'wrong' }).login()),
    ).toEqual([401, 'unauthorised']);
    expect(
      problemOf(await new UpvestGuideClient({ ...credentials, key_id: randomUUID() }).login()),
    ).toEqual([401, 'unauthorised']);
    await upvest.login('payments:read');
    expect(problemOf(await withdraw())).toEqual([403, 'forbidden']);
  });

  it('receives an error for a missing idempotency key', async () => {
    expect(problemOf(await upvest.call('POST', '/payments/withdrawals', orderOf()))).toEqual([
      400,
      'missing_idempotency_key',
    ]);
  });

  it('receives the rate limit', async () => {
    await simulator.control.settings({ rate_limits: { requests: 3, per_ms: 60_000 } });
    const taken = [await withdraw(), await withdraw(), await withdraw()].filter(
      ({ status }) => status === 200,
    );

    expect(taken.length).toBeGreaterThan(0);
    expect(problemOf(await withdraw())).toEqual([429, 'too_many_requests']);
  });
});
