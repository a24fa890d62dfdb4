import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { testValues } from '@sluice/runtime';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { verifyIntakeEd25519 } from '@sluice/signing';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type ApiCall, type TestApi } from '../../testkit/given-api.js';
import { givenAccount, published } from '../../testkit/given-intake.js';
import { lockWithdrawals } from '../../rows/withdrawal-store.js';
import { placeHoldMessage } from '../../wire/wire.js';

const spkiOf = (key: KeyObject): string =>
  key.export({ format: 'der', type: 'spki' }).toString('base64');

describe('a customer with an Ed25519 key', () => {
  let api: TestApi;
  let accountId: string;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  let key: { keyId: string; secret: KeyObject };
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'), testValues({ holdTimeoutMs: 50 }));
    accountId = await givenAccount(api.database);
    const created = await createKey({ algorithm: 'ed25519', public_key: spkiOf(publicKey) });
    key = { keyId: String(created.body.data['key_id']), secret: privateKey };
  });
  afterAll(() => api.close());

  const operate = (target: string, body: object): Promise<ApiAnswer> => api.byTwo(target, body);
  const createKey = (change: object): Promise<ApiAnswer> =>
    operate(`accounts/${accountId}/keys`, {
      permissions: ['withdraw'],
      any_address: true,
      ...change,
    });
  const bodyOf = (change: object = {}): string =>
    JSON.stringify({
      currency: 'usdt',
      network: 'ETH',
      to_address: ADDRESS,
      amount: '50.00',
      client_reference: randomUUID(),
      ...change,
    });
  /** The ledger is silent, so what is on record is answered 504. */
  const post = (body: string, call: Partial<ApiCall> = {}): Promise<ApiAnswer> =>
    api.send({ method: 'POST', target: '/v1/withdrawals', key, body, ...call });
  const commands = async (): Promise<readonly SignedRequest[]> =>
    (await published(api.database)).flatMap(({ type, data }) =>
      type === 'ledger.place-hold.v1' ? [data['signedRequest'] as SignedRequest] : [],
    );

  it('shows and stores nothing secret: the answer has the public key alone', async () => {
    const other = spkiOf(generateKeyPairSync('ed25519').publicKey);
    const { body } = await createKey({ algorithm: 'ed25519', public_key: other });

    expect(body.data).toMatchObject({ algorithm: 'ed25519', public_key: other, secret: null });
  });

  it.each<[string, object, string]>([
    ['without a public key', { algorithm: 'ed25519' }, 'public_key: Field required'],
    [
      'whose public key is none',
      { algorithm: 'ed25519', public_key: 'AAAA' },
      'public_key: Input should be an Ed25519 public key',
    ],
    [
      'with a secret and a public key',
      { public_key: spkiOf(publicKey) },
      'public_key: Only a key with the algorithm ed25519 has one',
    ],
    ['of another algorithm', { algorithm: 'rsa' }, 'algorithm: Input should be one of'],
  ])('gets no key %s', async (_what, change, fault) => {
    const { status, body } = await createKey(change);

    expect({ status, message: body.message }).toEqual({
      status: 422,
      message: expect.stringContaining(fault),
    });
  });

  it('has what it signed sent to the ledger with the hold, to the byte, and again from the row', async () => {
    const body = `${bodyOf()}\n`;
    expect((await post(body)).status).toBe(504);

    const signed = (await commands()).at(-1);
    expect(signed).toMatchObject({ keyId: key.keyId, body });
    expect(
      verifyIntakeEd25519(
        spkiOf(publicKey),
        { ...SIGNED_ROUTE, ...(signed ?? { timestamp: '', body: '' }) },
        signed?.signature ?? '',
      ),
    ).toBe(true);
    const [row] = await api.database.query<{ id: string }>(
      'SELECT id FROM withdrawal ORDER BY number DESC LIMIT 1',
    );
    const [stored] = await api.unitOfWork.run(async (tx) => [
      ...(await lockWithdrawals(tx, [row?.id ?? ''])).values(),
    ]);
    if (!stored) throw new Error('it is not on record');
    expect(JSON.parse(placeHoldMessage(stored, new Date()).value).signedRequest).toEqual(signed);
  });

  it('asks for the same withdrawal again under another signature', async () => {
    const body = bodyOf();
    await post(body);

    expect((await post(body)).status).toBe(200);
  });

  it.each<[string, string, Partial<ApiCall>, number, string]>([
    ['without a reference', bodyOf({ client_reference: null }), {}, 422, 'client_reference: '],
    [
      'whose reference stands in a header, which is not signed',
      bodyOf({ client_reference: null }),
      { headers: { 'idempotency-key': 'x' } },
      422,
      'client_reference: Field required in the body',
    ],
    ['with a query', bodyOf(), { target: '/v1/withdrawals?a=1' }, 422, 'a: Unknown field'],
    [
      'with a question mark',
      bodyOf(),
      { target: '/v1/withdrawals?' },
      422,
      'path: Input should be',
    ],
    [
      'signed with another key',
      bodyOf(),
      { key: { keyId: '', secret: generateKeyPairSync('ed25519').privateKey } },
      401,
      'Invalid signature',
    ],
  ])('is refused a request %s', async (_what, body, call, status, message) => {
    const given = call.key ? { ...call, key: { ...call.key, keyId: key.keyId } } : call;
    const answer = await post(body, given);

    expect({ status: answer.status, message: answer.body.message }).toEqual({
      status,
      message: expect.stringContaining(message),
    });
  });

  it('rotates to its next public key, with an overlap, and to nothing else', async () => {
    const next = generateKeyPairSync('ed25519');
    const rotate = (change: object) => operate(`keys/${key.keyId}/rotate`, change);
    expect((await rotate({})).body.message).toContain('this is an Ed25519 key');
    expect((await rotate({ public_key: spkiOf(publicKey) })).body.message).toContain('that of now');

    const { body } = await rotate({ overlap_seconds: 60, public_key: spkiOf(next.publicKey) });

    expect(body.data).toMatchObject({ secret: null, public_key: spkiOf(next.publicKey) });
    for (const secret of [privateKey, next.privateKey])
      expect((await post(bodyOf(), { key: { ...key, secret } })).status).toBe(504);
  });

  it('has its algorithm listed', async () => {
    const { text } = await api.send({ target: `/internal/accounts/${accountId}/keys` });

    expect(JSON.parse(text).data).toContainEqual(
      expect.objectContaining({ key_id: key.keyId, algorithm: 'ed25519' }),
    );
  });
});
