import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type ApiCall, type TestApi } from '../../testkit/given-api.js';
import { givenAccount } from '../../testkit/given-intake.js';
import { sow } from '../../testkit/given-terms.js';

const GOOD = { currency: 'usdt', network: 'ETH', to_address: ADDRESS, amount: '50' };

const ALLOWED = {
  verdict: 'allow',
  reason: null,
  rule: null,
  remaining: null,
  unit: null,
  frees_at: null,
};

describe('POST /v1/withdrawals/preview', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let accountId: string;
  let key: NonNullable<ApiCall['key']>;
  let signers: readonly object[] = [];
  let policy: object = ALLOWED;
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) => {
      if (target === '/internal/policy/preview') return policy;
      return target.endsWith('/signers') ? signers : [{ available: '51.05' }];
    });
    api = await givenApi(await testDatabase('intake'), {
      LEDGER_URL: ledger.url,
      ...testValues({ holdTimeoutMs: 50 }),
    });
    await api.database.query(
      "INSERT INTO route (currency, network, position, venue, pays) VALUES ('EUR', 'SEPA', 1, 'upvest', '{reference_account}')",
    );
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['withdraw']);
  });
  beforeEach(() => {
    signers = [];
    policy = ALLOWED;
    ledger.bodies.length = 0;
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  const post = (target: string, body: object, as = key) => api.post(target, body, { key: as });
  const preview = (change: object = {}, as = key) =>
    post('/v1/withdrawals/preview', { ...GOOD, ...change }, as);

  /** Rows of every table but those that count signatures and requests. */
  async function rowsByTable(): Promise<Record<string, number>> {
    const tables = await api.database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('used_signature', 'rate_window') ORDER BY 1`,
    );
    const counts = tables.map(async ({ name }) => {
      const [row] = await api.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM "${name}"`,
      );
      return [name, row?.count ?? -1] as const;
    });
    return Object.fromEntries(await Promise.all(counts));
  }

  it('answers fee, total, venue and beginning, and writes nothing, nor takes a reference or a number', async () => {
    const before = await rowsByTable();
    const sequence = 'SELECT last_value, is_called FROM withdrawal_number';
    const [last] = await api.database.query(sequence);

    const { status, body } = await preview({ client_reference: 'not taken' });

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        success: true,
        message: 'OK',
        data: {
          withdrawal_id: null,
          currency: 'USDT',
          network: 'ETH',
          to_address: ADDRESS,
          destination: { type: 'address', address: ADDRESS.toLowerCase() },
          amount: '50.000000',
          fee: '1.050000',
          total: '51.050000',
          venue: 'gateio',
          expected_at: null,
          stage: null,
          client_reference: 'not taken',
        },
      },
    });
    expect(await rowsByTable()).toEqual(before);
    expect(await api.database.query(sequence)).toEqual([last]);
  });

  const toAddress = (address: string, memo?: string) => ({
    to_address: null,
    destination: { type: 'address', address, memo },
  });
  const toBank = (change: object = {}) => ({
    currency: 'EUR',
    network: 'SEPA',
    to_address: null,
    destination: {
      type: 'reference_account',
      user_id: randomUUID().toUpperCase(),
      account_group_id: randomUUID(),
      reference_account_id: randomUUID(),
      ...change,
    },
  });
  const TRON = 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL';

  it.each<[string, object, string]>([
    [
      'a memo on a network without memos',
      { network: 'TRX', ...toAddress(TRON, '12345') },
      'destination.memo: A transfer on this network has no memo',
    ],
    [
      'a memo on a chain of EVM',
      toAddress(ADDRESS, 'x'),
      'destination.memo: A transfer on this network has no memo',
    ],
    [
      'a text that is too long beside our reference',
      toBank({ remittance_information: 'x'.repeat(116) }),
      'destination.remittance_information: String should have at most 115 characters',
    ],
    [
      'a text with a character that no bank takes',
      toBank({ remittance_information: 'rent 🏠' }),
      "destination.remittance_information: String should have letters, digits, blanks and / - ? : ( ) . , ' + only (SEPA)",
    ],
    [
      'an id in braces',
      toBank({ user_id: `{${randomUUID()}}` }),
      'destination.user_id: Input should be a UUID',
    ],
    [
      'a purpose that is no code',
      toBank({ purpose_code: 'nope!' }),
      'destination.purpose_code: Input should be four capital letters or digits (ISO 20022)',
    ],
  ])('refuses %s, as the request does, before any hold', async (_what, change, message) => {
    const refused = { status: 422, body: { success: false, message } };

    expect(await preview(change)).toMatchObject(refused);
    expect(await post('/v1/withdrawals', { ...GOOD, ...change })).toMatchObject(refused);
    const item = { ...GOOD, ...change, client_reference: randomUUID() };
    const batch = await post('/v1/withdrawals/batch', { withdrawals: [item] });
    expect(JSON.stringify(batch.body)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('shows the one spelling of a recipient, and the spelling of the customer', async () => {
    const given = ADDRESS;
    expect((await preview({ to_address: given })).body.data).toMatchObject({
      to_address: given,
      destination: { address: ADDRESS.toLowerCase() },
    });
    const bank = toBank({ remittance_information: 'Miete Müller' });
    expect((await preview(bank)).body.data).toMatchObject({
      destination: { user_id: bank.destination.user_id.toLowerCase() },
    });
  });

  it.each<[string, object, number, string]>([
    ['an unknown network', { network: 'DOGE' }, 404, 'Network not found'],
    ['an unknown currency', { currency: 'DOGE' }, 404, 'Currency not found'],
    [
      'a currency that is not on this network',
      { currency: 'BTC' },
      403,
      'Withdrawals for this currency are not enabled for this account',
    ],
    [
      'a bad address',
      { to_address: '0x0000000000' },
      400,
      'The address format is invalid for this network',
    ],
    ['too little', { amount: '0.5' }, 400, 'Withdrawal amount is below the minimum allowed'],
    ['no amount', { amount: null }, 422, 'amount: Input should be a valid decimal'],
    ['a misspelt field', { clientReference: 'x' }, 422, 'clientReference: Unknown field'],
    ['a venue that is none', { venue: 'nobody' }, 422, 'venue: nobody does not pay'],
    [
      'more than there is with the fee',
      { amount: '50.01' },
      400,
      'Insufficient available balance for this withdrawal',
    ],
  ])(
    'refuses %s as the request would, with nothing written',
    async (_what, change, code, message) => {
      const before = await rowsByTable();

      const { status, body } = await preview(change);

      expect({ status, message: body.message }).toEqual({
        status: code,
        message: expect.stringContaining(message),
      });
      expect(await rowsByTable()).toEqual(before);
    },
  );

  it('asks the ledger for the decision of the spending policy on the amount without the fee', async () => {
    expect((await preview()).status).toBe(200);

    expect(ledger.bodies.map((body) => JSON.parse(body) as object)).toEqual([
      {
        account_id: accountId,
        key_id: key.keyId,
        asset: 'USDT.ETH',
        amount: '50',
        destination: { type: 'address', address: ADDRESS.toLowerCase() },
        venue: 'gateio',
      },
    ]);
  });

  it('is refused by a limit and by a rule of the spending policy as the request is, before the balance', async () => {
    const limit = { rule: 'per-day', remaining: '120', unit: 'EUR' };
    policy = {
      ...limit,
      verdict: 'deny',
      reason: 'limit_exceeded',
      frees_at: '2026-11-21T00:00:00.000Z',
    };
    expect(await preview({ amount: '5000' })).toMatchObject({
      status: 403,
      body: {
        success: false,
        message: 'Withdrawal exceeds a limit of the spending policy',
        data: { ...limit, frees_at: '2026-11-21T00:00:00+00:00' },
      },
    });

    policy = { ...ALLOWED, verdict: 'deny', reason: 'policy_denied', rule: 'venues' };
    const denied = await preview();
    expect([denied.status, denied.body.message, denied.body.data]).toEqual([
      403,
      'The spending policy does not allow this withdrawal',
      { rule: 'venues' },
    ]);
  });

  it('names the stage in which the request would wait for people', async () => {
    expect((await preview()).body.data['stage']).toBeNull();
    policy = { ...ALLOWED, verdict: 'approval', rule: 'above-10k' };
    expect(await preview()).toMatchObject({
      status: 200,
      body: { data: { stage: 'awaiting_approval', total: '51.050000' } },
    });
    expect((await preview({ amount: '50.01' })).status).toBe(400);
  });

  it('knows a reference that has made a withdrawal, and one that was used for something else', async () => {
    const client_reference = randomUUID();
    await post('/v1/withdrawals', { ...GOOD, client_reference });
    const [row] = await api.database.query<{ number: string }>(
      'SELECT number::text FROM withdrawal WHERE client_reference = $1',
      [client_reference],
    );

    expect((await preview({ client_reference })).body.data).toMatchObject({
      withdrawal_id: Number(row?.number),
      client_reference,
    });
    expect(await preview({ client_reference, amount: '40' })).toMatchObject({
      status: 409,
      body: { message: 'client_reference was already used with different parameters' },
    });
  });

  it('expects a beginning behind those that wait at the venue', async () => {
    const [number] = await sow(api.database, [
      {
        accountId: randomUUID(),
        keyId: 'ck_other',
        state: 'submitting',
        currency: 'USDT',
        network: 'ETH',
        venue: 'gateio',
      },
    ]);
    await api.database.query(
      `UPDATE withdrawal SET expected_at = '2126-01-01T00:00:00Z' WHERE number = $1`,
      [number],
    );
    expect((await preview()).body.data['expected_at']).toBe('2126-01-01T00:00:00+00:00');
    await api.database.query('DELETE FROM withdrawal WHERE number = $1', [number]);
  });

  it('of an account with signers is refused under a key that is none of them', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const created = await api.byTwo(`accounts/${accountId}/keys`, {
      permissions: ['withdraw'],
      any_address: true,
      algorithm: 'ed25519',
      public_key: spki,
    });
    const own = { keyId: String(created.body.data['key_id']), secret: privateKey };
    signers = [{ key_id: own.keyId, public_key: spki, in_force: true }];
    const refused = {
      status: 403,
      body: { message: 'Withdrawals of this account have to be signed with one of its own keys' },
    };

    expect(await preview({ client_reference: 'x' })).toMatchObject(refused);
    expect((await preview({ client_reference: 'x' }, own)).status).toBe(200);
    expect(await preview({}, own)).toMatchObject({
      status: 422,
      body: { message: 'client_reference: Field required in the body under an Ed25519 key' },
    });
    signers = [{ key_id: own.keyId, public_key: spki, in_force: false }];
    expect(await preview({ client_reference: 'x' }, own)).toMatchObject(refused);
  });

  it('without a ledger is a 503: nobody can say whether there is enough', async () => {
    const alone = await givenApi(await testDatabase('alone'));
    const of = await alone.createKey(await givenAccount(alone.database), ['withdraw']);
    expect(await alone.post('/v1/withdrawals/preview', GOOD, { key: of })).toMatchObject({
      status: 503,
      body: { message: 'Service temporarily unavailable' },
    });
    await alone.close();
  });
});
