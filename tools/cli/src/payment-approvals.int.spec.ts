import { hash } from 'node:crypto';
import { challengeOfCall, passkeyCallText } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import { freePort } from '@sluice/test-servers';
import { StandInSystem, type Script } from './testkit/stand-in.js';

const ID = '0193a1b2-0000-7000-8000-00000000000a';
const ACCOUNT = '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11';
const CONTENT = {
  withdrawal_id: ID,
  account_id: ACCOUNT,
  asset: 'XRP.XRP',
  amount: '5000',
  fee: '0.25',
  destination: { type: 'address', address: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', memo: '0017' },
  venue: 'gateio',
  number: '17',
  client_reference: null,
  key_id: 'ck_5d0b7c21e4a90f3366b1d28c',
  policy_version: 3,
  groups: [
    { group: 'treasury', need: 2 },
    { group: 'compliance', need: 1 },
  ],
  expires_at: '2099-11-24T08:00:00.000Z',
};
const VOTE = {
  person: 'ada',
  decision: 'approve',
  groups: ['treasury'],
  reason: null,
  with_passkey: true,
  voted_at: '2026-11-23T09:00:00.000Z',
};
const digestOf = (content: string) => hash('sha256', `sluice payment approval 1\n${content}`);
const approvalOf = (content: object | string, more: object = {}) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return {
    withdrawal_id: ID,
    round: 1,
    state: 'open',
    content: text,
    digest: digestOf(text),
    needs_passkey: false,
    asked_at: '2026-11-23T08:00:00.000Z',
    expires_at: CONTENT.expires_at,
    ended_at: null,
    votes: [VOTE],
    ...more,
  };
};
const WAITING = approvalOf(CONTENT);
const PATH = `/internal/payment-approvals/${ID}`;
const REQUEST = {
  id: '3',
  action: 'resume book',
  target: 'book',
  request: { evidence: 'ticket 8812' },
  state: 'awaited',
  requested_by: 'olivia',
  requested_at: '2026-11-20T08:00:00Z',
  expires_at: '2026-11-21T08:00:00Z',
  requested_with: null,
  approved_by: null,
  approved_with: null,
  approved_at: null,
};
const ANSWER = { id: 'abc', type: 'public-key', response: { signature: 'AAEC' } };

const DIGEST = `--digest ${WAITING.digest}`;

describe('payments that wait for people, by command', () => {
  let system: StandInSystem;
  const given = async (approval: object = WAITING, more: Script = {}) => {
    const ledger: Script = {
      'GET /internal/approvals': { data: [REQUEST] },
      'GET /internal/payment-approvals': { data: [approval] },
      [`GET ${PATH}`]: { data: approval },
      [`POST ${PATH}/votes`]: { data: approval },
      ...more,
    };
    const none: Script = { 'GET /internal/approvals': { data: [] } };
    const intake = { ...none, 'GET /internal/withdrawals/17': { data: { id: ID, number: 17 } } };
    system = await StandInSystem.start({ intake, ledger, connector: none });
  };
  const sent = () =>
    system.ledger.seen.flatMap(({ method, body }) => (method === 'POST' ? JSON.parse(body) : []));
  const answerPage = async () => {
    const url = await eventually(async () => {
      const [, found = ''] = /(http:\S+)/.exec(system.announced.join(' ')) ?? [];
      expect(found).not.toBe('');
      return found;
    });
    const page = await (await fetch(url)).text();
    const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
    const answer = { method: 'POST', headers, body: JSON.stringify(ANSWER) };
    expect((await fetch(url, answer)).status).toBe(204);
    return page;
  };
  const ports = async () => ({ SLUICE_PASSKEY_PORT: String(await freePort()) });
  afterEach(() => system.stop());

  it('are in the list of the requests of all services', async () => {
    await given();

    const { stdout } = await system.sluice('approvals list');
    const { document } = await system.json('approvals list');
    const others = await system.json('approvals list --service intake-api');

    expect(stdout).toContain('{"evidence":"ticket 8812"}');
    expect(stdout).toMatch(
      new RegExp(
        `ledger +${ID} +awaited +pay +5000 XRP.XRP to rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY memo 0017 \\(account ${ACCOUNT}\\) +– +2099-11-24 08:00:00Z +1 of treasury 2, 0 of compliance 1 +ada`,
      ),
    );
    expect(document).toMatchObject([
      { id: '3' },
      { id: ID, action: 'pay', digest: WAITING.digest },
    ]);
    expect(others.document).toEqual([]);
  });

  it('are asked for with the ended ones for --all', async () => {
    await given();

    await system.sluice('approvals list --all --service ledger');

    expect(system.ledger.seen.map(({ target }) => target)).toContain(
      '/internal/payment-approvals?state=all',
    );
  });

  it('are shown with every field, the votes and the computed digest', async () => {
    await given(approvalOf({ ...CONTENT, later_field: { a: 'b' } }));

    const { stdout, exitCode } = await system.sluice(`approvals show ${ID}`);

    expect(exitCode).toBe(0);
    for (const line of [
      /^withdrawal id +0193a1b2-/m,
      /^amount +5000$/m,
      /^fee +0\.25$/m,
      /^destination type +address$/m,
      /^destination address +rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY$/m,
      /^destination memo +0017$/m,
      /^client reference +–$/m,
      /^groups +treasury 2, compliance 1$/m,
      /^later field +\{"a":"b"\}$/m,
      /^digest +[0-9a-f]{64}$/m,
      /^state +awaited, until 2099-11-24 08:00:00Z: \d+ h \d+ min left$/m,
      /^ada +approve +treasury +true/m,
    ])
      expect(stdout).toMatch(line);
  });

  it('are shown with marks that reorder or hide text, and not obeyed', async () => {
    const address = 'r\u202eABC\u200b';
    await given(approvalOf({ ...CONTENT, destination: { type: 'address', address } }));

    const { stdout } = await system.sluice(`approvals show ${ID}`);

    expect(stdout).toContain(String.raw`r\u{202e}ABC\u{200b}`);
  });

  it('are approved by the digest that the command computes', async () => {
    await given(WAITING, { [`POST ${PATH}/votes`]: { data: { ...WAITING, state: 'granted' } } });

    const first = await system.sluice(`approvals approve ${ID}`);
    expect(first).toMatchObject({ exitCode: 2 });
    expect(first.stderr).toContain(`repeat the command with --digest ${WAITING.digest}`);
    expect(sent()).toEqual([]);
    const { stdout } = await system.sluice(`approvals approve ${ID} ${DIGEST}`);

    expect(sent()).toEqual([{ decision: 'approve', digest: WAITING.digest }]);
    expect(system.announced.join('\n')).toMatch(/^destination memo +0017$/m);
    expect(stdout).toBe(
      `payment ${ID} is approved by all groups, and goes to the venue now unless it was cancelled meanwhile: sluice withdrawal show ${ID}\n`,
    );
  });

  it('wait on after an approval that is not the last one', async () => {
    await given();

    const { stdout } = await system.sluice(`approvals approve ${ID} --service ledger ${DIGEST}`);

    expect(stdout).toBe(
      `recorded: 1 of treasury 2, 0 of compliance 1; payment ${ID} waits until 2099-11-24 08:00:00Z\n`,
    );
  });

  const text = JSON.stringify(CONTENT);
  it.each([
    ['a changed content', { content: text.replace('5000', '9000') }, 'has the digest'],
    ['a false digest', { digest: '0'.repeat(64) }, 'has the digest'],
    [
      'a repeated field',
      approvalOf(text.replace('{', '{"amount":"1",')),
      'not readable in exactly one way',
    ],
    ['another text than JSON', approvalOf('pay'), 'not readable in exactly one way'],
    [
      'the content of another withdrawal',
      approvalOf({ ...CONTENT, withdrawal_id: ACCOUNT }),
      'its content is of another withdrawal',
    ],
  ])('are neither shown nor decided with %s', async (_name, changed, message) => {
    await given({ ...WAITING, ...changed });

    for (const verb of ['show', 'approve', 'refuse'])
      expect(await system.sluice(`approvals ${verb} ${ID}`)).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining(message),
      });
    expect((await system.sluice('approvals list')).stdout).toContain(message);
    expect(sent()).toEqual([]);
    expect(system.announced).toEqual([]);
  });

  it('are not approved with another digest than the checked one', async () => {
    await given();
    const approve = `approvals approve ${ID} --digest`;

    expect(await system.sluice(`${approve} ${'a'.repeat(64)}`)).toMatchObject({ exitCode: 1 });
    expect(await system.sluice(`${approve} abc`)).toMatchObject({ exitCode: 2 });
    expect(sent()).toEqual([]);

    expect(await system.sluice(`${approve} ${WAITING.digest}`)).toMatchObject({ exitCode: 0 });
    expect(sent()).toHaveLength(1);
  });

  it('are refused with a reason, also without a passkey', async () => {
    const approval = { ...WAITING, needs_passkey: true };
    await given(approval, { [`POST ${PATH}/votes`]: { data: { ...approval, state: 'refused' } } });

    const { stdout } = await system.sluice(`approvals refuse ${ID} --reason unknown`);

    expect(sent()).toEqual([{ decision: 'refuse', digest: WAITING.digest, reason: 'unknown' }]);
    expect(stdout).toContain('is refused: nothing is paid');
  });

  it('are not decided after their end', async () => {
    await given({ ...WAITING, state: 'expired' });

    expect(await system.sluice(`approvals approve ${ID}`)).toMatchObject({
      exitCode: 1,
      stderr: `sluice: payment ${ID} waits no more: expired\n`,
    });
    expect(sent()).toEqual([]);
  });

  it('are approved with a passkey, on a page with the same content', async () => {
    const passkey = { credential_id: 'AAEC', person: 'demo', revoked_at: null };
    const foreign = { ...passkey, credential_id: 'AAED', person: 'ada' };
    const revoked = { ...passkey, credential_id: 'AAEE', revoked_at: VOTE.voted_at };
    await given(
      { ...WAITING, needs_passkey: true },
      {
        'GET /internal/whoami': { data: { name: 'demo', roles: ['approve'] } },
        'GET /internal/passkeys': { data: [passkey, foreign, revoked] },
      },
    );

    const ended = system.sluice(`approvals approve ${ID}`, await ports());
    const page = await answerPage();

    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(sent()).toEqual([{ decision: 'approve', digest: WAITING.digest }]);
    const { method, target, body, headers } = system.ledger.seen.at(-1)!;
    const header = Buffer.from(String(headers['sluice-passkey']), 'base64url').toString();
    const { at, ...proof } = JSON.parse(header) as { at: string };
    expect(proof).toEqual({ assertion: ANSWER, voucher: '' });
    const call = { service: 'ledger', method, target, body: Buffer.from(body), at };
    const challenge = challengeOfCall(passkeyCallText(call));
    expect(page).toContain(
      `"options":{"challenge":"${challenge}","allowCredentials":[{"type":"public-key","id":"AAEC"}]}`,
    );
    expect(page).toContain(system.announced[0]?.trim());
  });

  it('are approved without a passkey by members of other groups', async () => {
    await given({ ...WAITING, needs_passkey: true });

    await system.sluice(`approvals approve ${ID} --without-passkey ${DIGEST}`);

    expect(sent()).toEqual([{ decision: 'approve', digest: WAITING.digest }]);
  });

  it('are named by the number of the withdrawal or by its uuid in any case', async () => {
    await given(WAITING, { [`POST ${PATH}/votes`]: { data: { ...WAITING, state: 'granted' } } });

    for (const name of ['17', ID.toUpperCase()]) {
      expect(await system.json(`approvals show ${name}`)).toMatchObject({
        exitCode: 0,
        document: { withdrawal_id: ID },
      });
      const approve = `approvals approve ${name} ${DIGEST}`;
      expect(await system.sluice(approve)).toMatchObject({ exitCode: 0 });
      expect(await system.sluice(`approvals refuse ${name}`)).toMatchObject({ exitCode: 0 });
    }
    expect(sent()).toHaveLength(4);
    expect(await system.sluice(`approvals approve 18 ${DIGEST}`)).toMatchObject({
      exitCode: 1,
      stderr: 'sluice: there is no withdrawal 18; "sluice withdrawal list" shows them\n',
    });
  });

  it('are not shown by a number that the ledger does not confirm', async () => {
    await given(approvalOf({ ...CONTENT, number: '18' }));

    expect(await system.sluice(`approvals approve 17 ${DIGEST}`)).toMatchObject({
      exitCode: 1,
      stderr: `sluice: do not approve payment ${ID}: its content is of another withdrawal\n`,
    });
    expect(sent()).toEqual([]);
  });

  it('are not said to be paid when the cancellation was first', async () => {
    const votes = { data: { ...WAITING, state: 'cancelled' } };
    await given(WAITING, { [`POST ${PATH}/votes`]: votes });

    expect((await system.sluice(`approvals approve 17 ${DIGEST}`)).stdout).toBe(
      `payment ${ID} is cancelled: nothing is paid, and its money is free\n`,
    );
  });

  it('have the name of a withdrawal; a number with a service is that of a request', async () => {
    await given(WAITING, { 'POST /internal/approvals/3': { data: { id: '3', result: {} } } });
    const run = async (line: string) => {
      const { exitCode, stdout, stderr } = await system.sluice(`approvals ${line}`);
      return `${exitCode} ${stdout}${stderr}`;
    };

    expect(await run('show 3 --service ledger')).toMatch(/^exactly +\{"evidence":/m);
    expect(await run('show 4 --service ledger')).toContain('1 sluice: ledger has no');
    expect(await run('show 3')).toContain('1 sluice: there is no withdrawal 3;');
    expect(await run('approve 3')).toContain('1 sluice: there is no withdrawal 3;');
    expect(await run('refuse 3')).toContain('1 sluice: there is no withdrawal 3;');
    expect(await run(`show ${ID} --service intake-api`)).toContain('2 sluice: payments wait');
    expect(sent()).toEqual([]);

    expect(await run('approve 3 --service ledger')).toBe(
      '0 approval 3 of ledger is carried out: {}\n',
    );
  });
});

describe('passkeys by command', () => {
  const PASSKEY = {
    credential_id: 'V1l0vWbN0fXqk3p2u7sJhA',
    person: 'ada',
    added_at: '2026-11-23T08:00:00.000Z',
    usable_at: '2026-11-24T08:00:00.000Z',
    approved_by: 'peter',
    revoked_at: null,
  };
  let system: StandInSystem;
  const given = async (ledger: Script) => void (system = await StandInSystem.start({ ledger }));
  afterEach(() => system.stop());

  it('are registered on a page with the options of the ledger, and wait for a second person', async () => {
    const options = {
      challenge: 'AAEC',
      rp: { id: 'localhost', name: 'Sluice' },
      user: { id: 'AAEC', name: 'ada', displayName: '' },
    };
    await given({
      'GET /internal/passkeys/options': { data: { options } },
      'POST /internal/passkeys': {
        status: 202,
        data: {
          approval_id: '9',
          awaits: 'a second person with the role approve',
          expires_at: '2026-11-24T08:00:00.000Z',
        },
      },
    });

    const env = { SLUICE_PASSKEY_PORT: String(await freePort()) };
    const ended = system.sluice('passkey register', env);
    await eventually(async () => expect(system.announced).toHaveLength(1));
    const [, url = ''] = /(http:\S+)/.exec(system.announced[0] ?? '') ?? [];
    expect(await (await fetch(url)).text()).toContain(`"options":${JSON.stringify(options)}`);
    const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(ANSWER) });

    expect((await ended).stdout).toContain('sluice approve 9 --service ledger');
    expect(JSON.parse(system.ledger.seen.at(-1)?.body ?? '')).toEqual({ registration: ANSWER });
  });

  it('are listed and revoked', async () => {
    await given({
      'GET /internal/passkeys': { data: [PASSKEY] },
      'POST /internal/passkeys/revoke': { data: PASSKEY },
    });

    const { stdout } = await system.sluice('passkey list');
    const revoked = await system.sluice(`passkey revoke ${PASSKEY.credential_id}`);

    expect(stdout).toContain('V1l0vWbN0fXqk3p2u7sJhA  ada');
    expect(revoked.stdout).toBe('passkey V1l0vWbN0fXqk3p2u7sJhA of ada is revoked\n');
    expect(JSON.parse(system.ledger.seen.at(-1)?.body ?? '')).toEqual({
      credential_id: PASSKEY.credential_id,
    });
  });

  it('are not registered with options of another form', async () => {
    await given({ 'GET /internal/passkeys/options': { data: { options: {} } } });

    expect(await system.sluice('passkey register')).toMatchObject({
      exitCode: 2,
      stderr: 'sluice: the ledger answered without options for a passkey\n',
    });
  });
});
