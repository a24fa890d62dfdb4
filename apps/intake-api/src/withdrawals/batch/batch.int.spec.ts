import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testValues } from '@sluice/runtime';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { signIntakeEd25519 } from '@sluice/signing';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../../testkit/a-withdrawal.js';
import { freshTimestamp, givenApi, type ApiCall, type TestApi } from '../../testkit/given-api.js';
import { countOf, givenAccount, published } from '../../testkit/given-intake.js';
import { anEvent } from '../../testkit/inbound-events.js';

interface Result {
  readonly index: number;
  readonly client_reference: string | null;
  readonly status_code: number;
  readonly success: boolean;
  readonly message: string;
  readonly data: { readonly id?: number; readonly withdrawal_id?: number } | null;
}

describe('POST /v1/withdrawals/batch', () => {
  let api: TestApi;
  let accountId: string;
  let key: NonNullable<ApiCall['key']>;
  const ledger = { isAnswering: true };
  let answering: Promise<void>;
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['withdraw']);
    answering = placeHolds();
  });
  afterAll(async () => {
    ledger.isAnswering = false;
    await answering;
    await api.close();
  });

  /** A ledger that places every hold. */
  async function placeHolds(): Promise<void> {
    for (; ledger.isAnswering; await sleep(20)) {
      const rows = await api.database.query<{ id: string }>(
        `SELECT id FROM withdrawal WHERE state = 'requested'`,
      );
      if (rows.length > 0) await api.saga.take(rows.map(({ id }) => anEvent(id, 'hold_placed')));
    }
  }

  const item = (change: object = {}) => ({
    currency: 'USDT',
    network: 'ETH',
    to_address: ADDRESS,
    amount: '5.25',
    client_reference: randomUUID(),
    ...change,
  });
  const post = (body: object, as = key) => api.post('/v1/withdrawals/batch', body, { key: as });
  /** As a client should: again for as long as something of it is still in progress. */
  async function batch(withdrawals: readonly unknown[], as = key): Promise<readonly Result[]> {
    for (;;) {
      const answer = await post({ withdrawals }, as);
      expect([answer.status, answer.body.message]).toEqual([200, 'OK']);
      const { data, data_count } = JSON.parse(answer.text) as {
        data: Result[];
        data_count: number;
      };
      expect(data_count).toBe(withdrawals.length);
      expect(data.map(({ index }) => index)).toEqual(withdrawals.map((_, index) => index));
      if (data.every(({ status_code }) => status_code !== 504)) return data;
    }
  }
  const numberOf = ({ data }: Result) => data?.withdrawal_id ?? data?.id;
  const onRecord = () => countOf(api.database, 'withdrawal');

  it('puts 500 on record by a few commits, answers each, and answers each again as its own repeat', async () => {
    const items = Array.from({ length: 500 }, () => item());

    const first = await batch(items);
    const again = await batch(items);

    expect(first.map(({ status_code }) => status_code)).toEqual(items.map(() => 200));
    expect(first.map(({ client_reference }) => client_reference)).toEqual(
      items.map(({ client_reference }) => client_reference),
    );
    expect(again.map(numberOf)).toEqual(first.map(numberOf));
    expect(again[0]?.data).toHaveProperty('requested_at');
    expect(new Set(first.map(numberOf)).size).toBe(500);
    // the first step has the time of its transaction
    const commits = await api.database.query('SELECT DISTINCT first_step -> 5 FROM withdrawal');
    expect(commits.length).toBeLessThanOrEqual(3);
  });

  it('one bad item hurts no other', async () => {
    const before = await onRecord();
    const results = await batch([
      item(),
      item({ amount: '0' }),
      item({ network: 'DOGE' }),
      item({ client_reference: null }),
      'no object',
      17,
      null,
      [item()],
      item({ to_adress: ADDRESS }),
      item({ amount: '0.5' }),
      item(),
    ]);
    expect(results.map(({ status_code, message }) => [status_code, message])).toEqual([
      [200, 'OK'],
      [422, 'amount: Input should be greater than 0'],
      [404, 'Network not found'],
      [422, 'client_reference: Field required in a batch'],
      ...[1, 2, 3, 4].map(() => [422, 'withdrawal: Input should be a valid object']),
      [422, 'to_adress: Unknown field; did you mean to_address?'],
      [400, 'Withdrawal amount is below the minimum allowed'],
      [200, 'OK'],
    ]);
    expect(results.every(({ success, data }) => success === (data !== null))).toBe(true);
    expect(await onRecord()).toBe(before + 2);
  });

  it('of items with one reference the first is taken, and the others are its repeats', async () => {
    const twice = item();
    const before = await onRecord();

    const results = await batch([twice, item(), { ...twice, amount: '6' }, twice]);

    expect(results.map(({ status_code, message }) => [status_code, message])).toEqual([
      [200, 'OK'],
      [200, 'OK'],
      [409, 'client_reference was already used with different parameters'],
      [200, 'OK'],
    ]);
    expect(results.slice(0, 1).map(numberOf)).toEqual(results.slice(3).map(numberOf));
    expect(await onRecord()).toBe(before + 2);
  });

  it('and a single request with the reference of an item are one', async () => {
    const one = item();
    const [first] = await batch([one]);
    const repeat = await api.post('/v1/withdrawals', one, { key });
    expect([repeat.body.data['id']]).toEqual([first].flatMap((one) => (one ? numberOf(one) : [])));
  });

  it.each<[string, object, string]>([
    [
      '501 items',
      { withdrawals: Array.from({ length: 501 }, () => ({})) },
      'withdrawals: List should have at most 500 items',
    ],
    ['no item', { withdrawals: [] }, 'withdrawals: List should have at least 1 items'],
    ['no list', { withdrawals: {} }, 'withdrawals: Input should be a list'],
    ['nothing', {}, 'withdrawals: Field required'],
    [
      'another name',
      { withdrawal: [] },
      'withdrawal: Unknown field; did you mean withdrawals?; withdrawals: Field required',
    ],
  ])('with %s is refused as a whole, and nothing is on record', async (_what, body, message) => {
    const before = await onRecord();
    expect(await post(body)).toMatchObject({ status: 422, body: { success: false, message } });
    expect(await onRecord()).toBe(before);
  });

  it('may have a megabyte, and nothing else may', async () => {
    const large = 'x'.repeat(70_000);
    const [result] = await batch([item({ note: large })]);
    expect(result?.status_code).toBe(200);
    const single = { method: 'POST', target: '/v1/withdrawals', key };
    expect(
      (await api.send({ ...single, body: JSON.stringify(item({ note: large })) })).status,
    ).toBe(413);
    expect((await post({ withdrawals: [{ note: 'x'.repeat(1_100_000) }] })).status).toBe(413);
  });

  it('is answered while a part of it waits: what the ledger has not decided is still in progress', async () => {
    const slow = await givenApi(await testDatabase('slow'), testValues({ holdTimeoutMs: 50 }));
    const of = await slow.createKey(await givenAccount(slow.database), ['withdraw']);
    const answer = await slow.post(
      '/v1/withdrawals/batch',
      { withdrawals: [item(), item({ amount: '0' })] },
      { key: of },
    );
    expect(JSON.parse(answer.text).data).toMatchObject([
      { status_code: 504, message: 'Withdrawal submission is still in progress', data: null },
      { status_code: 422 },
    ]);
    await slow.close();
  });

  describe('under an Ed25519 key', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const stranger = generateKeyPairSync('ed25519').privateKey;
    let own: { keyId: string; secret: KeyObject };
    beforeAll(async () => {
      const created = await api.byTwo(`accounts/${accountId}/keys`, {
        permissions: ['withdraw'],
        any_address: true,
        algorithm: 'ed25519',
        public_key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      });
      own = { keyId: String(created.body.data['key_id']), secret: privateKey };
    });

    const signed = (change: object = {}, by = privateKey, timestamp = freshTimestamp()) => {
      const body = JSON.stringify(item(change));
      const signature = signIntakeEd25519(by, { ...SIGNED_ROUTE, timestamp, body });
      return { timestamp, body, signature };
    };

    it('each item carries its own signature, which goes to the ledger with its hold', async () => {
      const items = [signed(), signed()];

      const results = await batch(items, own);

      expect(results.map(({ status_code }) => status_code)).toEqual([200, 200]);
      const sent = (await published(api.database)).flatMap(({ type, data }) =>
        type === 'ledger.place-hold.v1' ? [data['signedRequest'] as SignedRequest] : [],
      );
      for (const one of items) expect(sent).toContainEqual({ keyId: own.keyId, ...one });
    });

    it('an item without one, with another, or signed long ago is refused by itself', async () => {
      const old = String(Math.floor(Date.now() / 1_000) - 400);
      const results = await batch(
        [
          item(),
          signed({}, stranger),
          { ...signed(), body: JSON.stringify(item()) },
          signed({}, privateKey, old),
          signed({ client_reference: null }),
          signed({ amount: 'much' }),
          { ...signed(), body: '{' },
          signed(),
        ],
        own,
      );
      expect(results.map(({ status_code, message }) => [status_code, message])).toEqual([
        [422, 'timestamp: Field required; body: Field required; signature: Field required'],
        [401, 'Invalid signature'],
        [401, 'Invalid signature'],
        [401, 'Request timestamp is outside the allowed window'],
        [422, 'client_reference: Field required in a batch'],
        [422, 'amount: Input should be a valid decimal'],
        [401, 'Invalid signature'],
        [200, 'OK'],
      ]);
    });
  });
});
