import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi } from '../../testkit/given-api.js';
import { countOf } from '../../testkit/given-intake.js';

interface Key {
  readonly keyId: string;
  readonly secret: string;
}

describe('a client reference', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'), testValues({ holdTimeoutMs: 50 }));
  });
  afterAll(() => api.close());

  const operate = async (method: string, target: string, body: object): Promise<ApiAnswer> =>
    api.send({ method, target: `/internal/${target}`, body: JSON.stringify(body) });
  async function openAccount(settings: object = {}): Promise<string> {
    const { data } = (await operate('POST', 'accounts', { name: 'x', ...settings })).body;
    return String(data['account_id']);
  }
  const aKey = (accountId: string): Promise<Key> => api.createKey(accountId, ['withdraw']);
  /** The ledger is silent, so what is on record is answered 504. */
  async function asked(key: Key, clientReference: string | null): Promise<number> {
    return (await answered(key, clientReference)).status;
  }
  async function answered(key: Key, clientReference: string | null): Promise<ApiAnswer> {
    const body = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '50' };
    const reference = clientReference === null ? {} : { client_reference: clientReference };
    return api.post('/v1/withdrawals', { ...body, ...reference }, { key });
  }
  const withdrawalsOf = (clientReference: string) =>
    countOf(api.database, 'withdrawal WHERE client_reference = $1', [clientReference]);

  it('is good once over a rotation: the new secret of a key asks for the same withdrawal', async () => {
    const key = await aKey(await openAccount());
    await asked(key, 'rotated');
    const rotated = await api.byTwo(`keys/${key.keyId}/rotate`, { overlap_seconds: 60 });
    const renewed = { ...key, secret: String(rotated.body.data['secret']) };

    for (const secret of [renewed, key]) expect(await asked(secret, 'rotated')).toBe(200);

    expect(await withdrawalsOf('rotated')).toBe(1);
  });

  it('marks the answer to its repeat as replayed, and no other answer', async () => {
    const key = await aKey(await openAccount());

    const first = await answered(key, 'marked');
    const repeats = [await answered(key, 'marked'), await answered(key, 'marked')];

    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(repeats).toMatchObject(
      Array(2).fill({ status: 200, headers: { 'idempotent-replayed': 'true' } }),
    );
    expect((await answered(key, 'not marked')).headers).not.toHaveProperty('idempotent-replayed');
  });

  it('asks for the same withdrawal with the recipient in another spelling', async () => {
    const key = await aKey(await openAccount());
    const ask = (to_address: string) => {
      const body = { currency: 'USDT', network: 'ETH', to_address, amount: '50' };
      const text = JSON.stringify({ ...body, client_reference: 'respelled' });
      return api.send({ method: 'POST', target: '/v1/withdrawals', key, body: text });
    };
    const given = ADDRESS;
    const shown = {
      to_address: given,
      destination: { type: 'address', address: ADDRESS.toLowerCase() },
    };

    await ask(given);

    for (const again of [given, given.toLowerCase(), `0x${given.slice(2).toUpperCase()}`])
      expect(await ask(again)).toMatchObject({ status: 200, body: { data: shown } });
    expect(await withdrawalsOf('respelled')).toBe(1);
  });

  it('may have 128 characters of two UTF-16 units each, which filters of lists take as well', async () => {
    const reference = '🔑'.repeat(128);
    const key = await api.createKey(await openAccount(), ['withdraw', 'read_withdrawal_status']);
    const list = (text: string) =>
      api.send({ target: `/v1/withdrawals?client_reference=${encodeURIComponent(text)}`, key });

    expect(await asked(key, reference)).toBe(504);
    expect(await answered(key, reference)).toMatchObject({
      status: 200,
      body: { data: { client_reference: reference } },
    });
    expect((await list(reference)).body.data).toMatchObject([{ client_reference: reference }]);
    expect(await asked(key, `${reference}🔑`)).toBe(422);
    expect((await list(`${reference}🔑`)).status).toBe(422);
  });

  it('belongs to its key: another key of the account asks for a withdrawal of its own', async () => {
    const accountId = await openAccount();
    for (const key of [await aKey(accountId), await aKey(accountId)])
      expect(await asked(key, 'of a key')).toBe(504);
    expect(await withdrawalsOf('of a key')).toBe(2);
  });

  it('is good once in an account whose keys share references, and in another account again', async () => {
    const accountId = await openAccount({ keys_share_references: true });
    const keys = [await aKey(accountId), await aKey(accountId)];
    const elsewhere = await aKey(await openAccount({ keys_share_references: true }));

    const answers = await Promise.all(keys.map((key) => asked(key, 'of an account')));
    expect(answers.filter((status) => ![200, 504].includes(status))).toEqual([]);
    expect(await withdrawalsOf('of an account')).toBe(1);
    await asked(elsewhere, 'of an account');
    expect(await withdrawalsOf('of an account')).toBe(2);
  });

  it('is good once in such an account after its withdrawal has left the database too', async () => {
    const accountId = await openAccount({ keys_share_references: true });
    const [key, later] = [await aKey(accountId), await aKey(accountId)];
    await asked(key, 'archived');
    await api.database.query(
      `INSERT INTO archived_withdrawal (key_id, client_reference, shares_reference, id, number, account_id, currency, network, decimals, destination, amount, fee, venue, pinned, tried, digest, state, sequence, requested_at)
       SELECT key_id, client_reference, shares_reference, id, number, account_id, currency, network, decimals, destination, amount, fee, venue, pinned, tried, digest, 'failed', sequence, requested_at
         FROM withdrawal WHERE client_reference = 'archived'`,
    );
    await api.database.query(`DELETE FROM withdrawal WHERE client_reference = 'archived'`);

    expect(await asked(later, 'archived')).toBe(200);
    expect(await withdrawalsOf('archived')).toBe(0);
  });

  it('has to be there where the account says so, from then on', async () => {
    const accountId = await openAccount({ requires_reference: true });
    const key = await aKey(accountId);
    expect(await asked(key, null)).toBe(422);
    expect(await asked(key, 'required')).toBe(504);

    const settings = `accounts/${accountId}/settings`;
    expect(await operate('PUT', settings, { requires_reference: 'no' })).toMatchObject({
      status: 422,
      body: { message: 'requires_reference: Input should be true or false' },
    });
    await operate('PUT', settings, { requires_reference: false });
    while ((await asked(key, null)) !== 504);
    await operate('PUT', settings, { requires_reference: true });
    while ((await asked(key, null)) !== 422);
    expect(await operate('PUT', 'accounts/x/settings', { requires_reference: true })).toMatchObject(
      { status: 404 },
    );
  });
});
