import { DEMO, StandInSystem, TOKEN, type Scripts } from '../testkit/stand-in.js';

const ACCOUNT = DEMO.account_id;
const UUID = '0192f3a4-0000-4000-8000-000000000017';

let system: StandInSystem;
const given = async (scripts: Scripts) => {
  system = await StandInSystem.start(scripts);
};
const PUBLIC_KEY = 'MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

afterEach(async () => system.stop());

describe('the operator command', () => {
  it.each([
    ['account create --name treasury', 'POST /internal/accounts', { name: 'treasury' }],
    [
      `key create --account ${ACCOUNT} --permissions withdraw,read_balance --label ci --rate-limit 600 --allow-ip 10.0.0.0/8 --allow-ip ::1`,
      `POST /internal/accounts/${ACCOUNT}/keys`,
      {
        permissions: ['withdraw', 'read_balance'],
        label: 'ci',
        rate_limit_per_min: 600,
        allowed_ips: ['10.0.0.0/8', '::1'],
      },
    ],
    [
      'key rotate key_1 --overlap 48 --expires never',
      'POST /internal/keys/key_1/rotate',
      { overlap_seconds: 172_800, expires_in_days: 0 },
    ],
    [
      'account create --name a --share-references --require-reference yes',
      'POST /internal/accounts',
      { name: 'a', keys_share_references: true, requires_reference: true },
    ],
    [
      `account set --account ${ACCOUNT} --require-reference no`,
      `PUT /internal/accounts/${ACCOUNT}/settings`,
      { requires_reference: false },
    ],
    [
      `key create --account ${ACCOUNT} --permissions withdraw --any-address --public-key ${PUBLIC_KEY}`,
      `POST /internal/accounts/${ACCOUNT}/keys`,
      {
        permissions: ['withdraw'],
        any_address: true,
        algorithm: 'ed25519',
        public_key: PUBLIC_KEY,
      },
    ],
    [
      `key rotate key_1 --public-key ${PUBLIC_KEY}`,
      'POST /internal/keys/key_1/rotate',
      { public_key: PUBLIC_KEY },
    ],
    ['key rewrap', 'POST /internal/keys/rewrap', undefined],
    ['key revoke key_1', 'POST /internal/keys/key_1/revoke', undefined],
    [
      `fund --account ${ACCOUNT} --currency USDT --network ETH --amount 1000.10 --reference R --evidence E`,
      `POST /internal/accounts/${ACCOUNT}/fundings`,
      { currency: 'USDT', network: 'ETH', amount: '1000.10', reference: 'R', evidence: 'E' },
    ],
    [
      'kafka skip --service intake-api --topic venue.gateio.events --partition 3 --offset 8712 --evidence ticket',
      'POST /internal/kafka/venue.gateio.events/3/8712/skip',
      { evidence: 'ticket' },
    ],
  ])('%s calls %s', async (line, endpoint, body) => {
    const { intake, json } = await asked(line, endpoint, { id: 'as answered' });

    expect(json).toEqual({ exitCode: 0, document: { id: 'as answered' } });
    expect(intake).toMatchObject({ headers: { authorization: `Bearer ${TOKEN}` } });
    expect(intake?.body === '' ? undefined : JSON.parse(intake?.body ?? '')).toEqual(body);
  });

  it('asks as another person of this machine, or with the token that the environment has', async () => {
    const data = { name: 'peter', roles: ['operate', 'approve'] };
    await given({ intake: { 'GET /internal/whoami': { data } } });
    system.intake.admits('token-of-peter', 'token-of-the-issuer');

    expect((await system.sluice('whoami --person peter')).stdout).toBe(
      'name   peter\nroles  operate, approve\n',
    );
    const { exitCode } = await system.sluice('whoami', { SLUICE_TOKEN: 'token-of-the-issuer' });

    expect(exitCode).toBe(0);
    expect(system.intake.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-of-peter',
      'Bearer token-of-the-issuer',
    ]);
  });

  it('shows the secret of a new key, with the word that it will not be seen again', async () => {
    const data = {
      key_id: 'key_1',
      secret: 'sk_1',
      permissions: ['withdraw'],
      rate_limit_per_min: 60,
      allowed_ips: [],
      expires_at: null,
      warning: 'from any address',
    };
    await given({ intake: { [`POST /internal/accounts/${ACCOUNT}/keys`]: { data } } });

    const { stdout } = await system.sluice(
      `key create --account ${ACCOUNT} --permissions withdraw`,
    );

    expect(stdout.split('\n')).toEqual([
      'key_id       key_1',
      'secret       sk_1',
      'permissions  withdraw',
      'per minute   60',
      'addresses    any',
      'expires      never',
      'the secret is not shown again: keep it now',
      'from any address',
      '',
    ]);
  });

  it('hands filters of a list to the service', async () => {
    await given({ intake: { 'GET /internal/withdrawals': { data: [] } } });

    await system.json(`withdrawal list --account ${ACCOUNT} --state uncertain --limit 5`);

    expect(system.intake.seen[0]?.target).toBe(
      `/internal/withdrawals?account_id=${ACCOUNT}&state=uncertain&limit=5`,
    );
  });

  it('decides a submission at the connector of the withdrawal, by its uuid', async () => {
    await given({
      intake: {
        'GET /internal/withdrawals/17': { data: { id: UUID, number: 17, venue: 'gateio' } },
      },
      connector: {
        [`POST /internal/submissions/${UUID}/decision`]: { data: { state: 'accepted' } },
      },
    });

    const { exitCode, document } = await system.json(
      'withdrawal resolve 17 --as paid --evidence seen --venue-reference w9',
    );

    expect({ exitCode, document }).toEqual({
      exitCode: 0,
      document: { withdrawal_id: UUID, number: 17, state: 'accepted' },
    });
    expect(JSON.parse(system.connector.seen[0]?.body ?? '')).toEqual({
      decision: 'paid',
      evidence: 'seen',
      venue_reference: 'w9',
    });
  });

  it('collects dead letters from every service and replays one at the service that has it', async () => {
    const deadLetters = (id: string) => ({
      'GET /internal/dead-letters': {
        data: [{ id, topic: 't', partition: 0, offset: '4', cause: 'bad' }],
      },
    });
    await given({
      intake: deadLetters('1'),
      ledger: {
        ...deadLetters('2'),
        'POST /internal/dead-letters/2/replay': { data: { id: '2', replayed: true } },
      },
      connector: { 'GET /internal/dead-letters': { data: [] } },
    });

    const list = await system.json('dead-letter list');
    const replay = await system.json('dead-letter replay 2 --service ledger');

    expect(list.document).toMatchObject([
      { service: 'intake-api', id: '1' },
      { service: 'ledger', id: '2' },
    ]);
    expect(replay).toEqual({
      exitCode: 0,
      document: { service: 'ledger', id: '2', replayed: true },
    });
  });
});

describe('an answer that is none', () => {
  it('is reported as refused when the service says no, with what to do next', async () => {
    await given({
      intake: {
        [`GET /internal/accounts/${ACCOUNT}/balances`]: {
          status: 404,
          message: 'Account not found',
        },
      },
    });
    const line = `balances --account ${ACCOUNT}`;

    expect(await system.sluice(line)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'sluice: Account not found; "sluice account list" shows the accounts\n',
    });
    expect(await system.json(line)).toEqual({
      exitCode: 1,
      document: { error: 'Account not found; "sluice account list" shows the accounts' },
    });
  });

  it('is one line when the service cannot be reached', async () => {
    await given({});
    await system.intake.stop();

    const { exitCode, stdout, stderr } = await system.sluice('account list');

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^sluice: intake-api cannot be reached at http:\S+ \(ECONNREFUSED\): is "npm start" still running\? Its log is \S+intake-api\.log\n$/,
    );
  });

  it.each([
    [
      'a fault of the service',
      { status: 500, message: 'Internal server error' },
      'intake-api answered 500, Internal server error',
    ],
    ['a page of something else', { raw: '<html>' }, 'intake-api answered 200, HTTP 200'],
    ['no list', { data: { accounts: [] } }, 'something else than a list'],
  ])('is not taken for a result: %s', async (_what, reply, message) => {
    await given({ intake: { 'GET /internal/accounts': reply } });

    const { exitCode, document } = await system.json('account list');

    expect(exitCode).toBe(2);
    expect(document.error).toContain(message);
  });

  it('says why there is no token when the issuer gives none', async () => {
    await given({ password: 'of another start' });

    const { exitCode, document } = await system.json('account list');

    expect(exitCode).toBe(2);
    expect(document.error).toMatch(/^http:\S+\/token gives demo no token: invalid_client$/);
  });

  it('says what to do when the service does not believe a token, or lets others do it', async () => {
    const message = 'peter may not do this: it takes the role administer';
    await given({ intake: { 'GET /internal/accounts': { status: 403, message } } });

    const refused = (env: Readonly<Record<string, string>>) => system.json('account list', env);
    expect(await refused({ SLUICE_TOKEN: 'old' })).toMatchObject({
      exitCode: 1,
      document: { error: expect.stringMatching(/^The token has expired: get a new one; /) },
    });
    expect(await refused({})).toEqual({
      exitCode: 1,
      document: { error: `${message}; call as another person with --person (demo, peter)` },
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['--person mallory', {}, 'there is no mallory here; there are demo, peter'],
    ['--person peter', { SLUICE_TOKEN: 'x' }, '--person chooses among the people'],
    ['', { SLUICE_TOKEN_FILE: '/nowhere' }, 'SLUICE_TOKEN_FILE cannot be read: '],
  ])('says so when nobody can be asked as: %s %j', async (person, env, message) => {
    await given({});

    const { exitCode, document } = await system.json(`account list ${person}`, env);

    expect(exitCode).toBe(2);
    expect(document.error).toContain(message);
  });

  it('says how to start when nothing runs', async () => {
    await given({});

    expect(await system.json('account list --run /nowhere/run.json')).toEqual({
      exitCode: 2,
      document: {
        error: 'nothing is running here: start it with "npm start" (there is no /nowhere/run.json)',
      },
    });
  });
});

async function asked(line: string, endpoint: string, data: object) {
  await given({ intake: { [endpoint]: { data } } });
  const json = await system.json(line);
  return { json, intake: system.intake.seen[0] };
}
