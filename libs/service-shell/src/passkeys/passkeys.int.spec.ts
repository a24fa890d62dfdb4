import { generateKeyPairSync } from 'node:crypto';
import { type ApprovalDto, ROLES } from '@sluice/http-api';
import { signVoucher, type PasskeyVoucher } from '@sluice/signing';
import {
  passkeyHeader,
  softwarePasskey,
  testMessageKeys,
  type SoftwarePasskey,
} from '@sluice/test-kit';
import { testDatabase } from '@sluice/test-servers';
import { changes, givenAuditedApp } from '../testkit/given-audited-app.js';

const SERVICE = 'audited';
const MINUTE = 60_000;
const LIFT = { what: 'halt 1' };

type Change = Parameters<SoftwarePasskey['assert']>[1];

interface Sent {
  readonly person: string;
  readonly path?: string;
  readonly body?: object;
  readonly header?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>>;
}

describe('a decision of two people through a client that needs passkeys', () => {
  let app: Awaited<ReturnType<typeof givenAuditedApp>>;
  let passkeys: Readonly<Record<string, SoftwarePasskey>>;
  beforeEach(async () => {
    changes.length = 0;
    passkeys = { olivia: softwarePasskey(), peter: softwarePasskey() };
    app = await givenAuditedApp(await testDatabase('passkeys'));
  });
  afterEach(() => app.close());

  const passkeyOf = (person: string) => passkeys[person] ?? softwarePasskey();
  const voucherOf = (person: string, change: Partial<PasskeyVoucher> = {}, keysOf = SERVICE) =>
    signVoucher(testMessageKeys(keysOf).with('ledger'), {
      service: SERVICE,
      person,
      credentialId: passkeyOf(person).credentialId,
      publicKey: passkeyOf(person).publicKey,
      rpId: 'localhost',
      origins: ['http://localhost:7420'],
      issuedAt: new Date().toISOString(),
      ...change,
    });
  const headerOf = (
    person: string,
    { path = '/internal/lifts', body = LIFT }: Pick<Sent, 'path' | 'body'> = {},
    signed: Partial<Parameters<typeof passkeyHeader>[1]> = {},
    change?: Change,
  ) => {
    const call = { service: SERVICE, method: 'POST', target: path, body: JSON.stringify(body) };
    const voucher = voucherOf(person);
    return passkeyHeader(passkeyOf(person), { ...call, voucher, ...signed }, change);
  };
  const send = ({ person, path = '/internal/lifts', body = LIFT, header, claims }: Sent) => {
    const client = { client_id: 'sluice-console', roles: ROLES };
    const token = app.issuer.tokenOf(person, { ...client, ...claims });
    return app.ask<{ readonly approval_id: string }>(
      'POST',
      path,
      body,
      token,
      header === undefined ? {} : { 'sluice-passkey': header },
    );
  };
  const approvals = async () =>
    (await app.ask<readonly ApprovalDto[]>('GET', '/internal/approvals')).body.data;
  const asked = async () => {
    expect(await send({ person: 'olivia', header: headerOf('olivia') })).toMatchObject({
      status: 200,
    });
    const [{ id, digest } = { id: '', digest: '' }] = await approvals();
    return { path: `/internal/approvals/${id}`, body: { digest } };
  };

  it('is done with the passkeys of both, which the row names under its seal', async () => {
    const approval = await asked();
    const header = headerOf('peter', approval);

    expect(await send({ person: 'peter', ...approval, header })).toMatchObject({ status: 200 });

    expect(changes).toEqual(['halt 1 by olivia and peter']);
    expect(await approvals()).toMatchObject([
      {
        state: 'approved',
        requested_with: passkeyOf('olivia').credentialId,
        approved_with: passkeyOf('peter').credentialId,
      },
    ]);
    expect(await app.prove()).toMatchObject({ proven: true, forged_approvals: [] });
    await app.owner.query(
      `ALTER TABLE approval DISABLE TRIGGER USER; UPDATE approval SET approved_with = NULL`,
    );
    expect(await app.prove()).toMatchObject({ proven: false, forged_approvals: ['1'] });
  });

  it('is done by the same call twice, each with a passkey', async () => {
    await asked();

    expect(await send({ person: 'peter', header: headerOf('peter') })).toMatchObject({
      body: { data: { done: true } },
    });
  });

  it.each<[boolean, object]>([
    [true, {}],
    [true, { client_id: undefined }],
    [false, { client_id: 'sluice-cli' }],
  ])('is announced as %s to a token with %j', async (isNeeded, claims) => {
    const client = { client_id: 'sluice-console', roles: ROLES };
    const token = app.issuer.tokenOf('olivia', { ...client, ...claims });

    expect(await app.ask('GET', '/internal/whoami', undefined, token)).toMatchObject({
      status: 200,
      body: { data: { name: 'olivia', needs_passkey: isNeeded } },
    });
  });

  describe('is refused', () => {
    const REQUIRED = { status: 403, body: { data: { code: 'passkey_required' } } };

    it.each<[string, Readonly<Record<string, unknown>>]>([
      ['of the console', {}],
      ['of no client', { client_id: undefined }],
      ['of two clients', { client_id: 'sluice-cli', azp: 'sluice-console' }],
      ['of a client in another script', { client_id: 'sluice-сli' }],
    ])('with two tokens %s alone: nothing is stored, and nothing approved', async (_of, claims) => {
      expect(await send({ person: 'olivia', claims })).toMatchObject(REQUIRED);
      expect(await approvals()).toEqual([]);

      const approval = await asked();
      expect(await send({ person: 'peter', claims })).toMatchObject(REQUIRED);
      expect(await send({ person: 'peter', claims, ...approval })).toMatchObject(REQUIRED);
      expect(await send({ person: 'peter', claims, body: { what: 'other' } })).toMatchObject(
        REQUIRED,
      );
      expect(await approvals()).toMatchObject([{ state: 'awaited' }]);
      expect(changes).toEqual([]);
    });

    it.each<[string, () => Promise<string> | string]>([
      ['a passkey that nobody vouches for', () => headerOf('peter', {}, { voucher: '' })],
      ['the voucher of another person', () => headerOf('olivia')],
      [
        'a voucher for another service',
        () => headerOf('peter', {}, { voucher: voucherOf('peter', { service: 'webhooks' }) }),
      ],
      [
        'a voucher that another service wrote',
        () => headerOf('peter', {}, { voucher: voucherOf('peter', {}, 'webhooks') }),
      ],
      [
        'the voucher of another passkey',
        () =>
          headerOf(
            'peter',
            {},
            {
              voucher: voucherOf('peter', { credentialId: passkeyOf('olivia').credentialId }),
            },
          ),
      ],
      [
        'another key under the name of the passkey',
        () =>
          headerOf(
            'peter',
            {},
            {
              voucher: voucherOf('peter', { publicKey: passkeyOf('olivia').publicKey }),
            },
          ),
      ],
      ['a signature for another service', () => headerOf('peter', {}, { service: 'ledger' })],
      ['a signature for another method', () => headerOf('peter', {}, { method: 'PUT' })],
      [
        'a signature for another path',
        () => headerOf('peter', {}, { target: '/internal/approvals/2' }),
      ],
      [
        'a signature for a query',
        () => headerOf('peter', {}, { target: '/internal/lifts?force=true' }),
      ],
      [
        'a signature for the same content in other bytes',
        () => headerOf('peter', {}, { body: '{"what": "halt 1"}' }),
      ],
      ['another origin', () => headerOf('peter', {}, {}, { origin: 'https://evil.example' })],
      ['another domain', () => headerOf('peter', {}, {}, { rpId: 'evil.example' })],
      ['a person who was not verified', () => headerOf('peter', {}, {}, { flags: 0x01 })],
      ['a person who was not there', () => headerOf('peter', {}, {}, { flags: 0x04 })],
      ['no header of this form', () => 'e30'],
      ['no JSON', () => 'x'],
      ['a time that is none', () => headerOf('peter', {}, { at: '2026-13-30T25:00:00Z' })],
      [
        'a time with more lines',
        () => headerOf('peter', {}, { at: `${new Date().toISOString()}\n` }),
      ],
      ['a time of another zone', () => headerOf('peter', {}, { at: '2026-11-30T12:00:00+00:00' })],
    ])('with %s', async (_what, header) => {
      await asked();

      const answer = await send({ person: 'peter', header: await header() });

      expect(answer.status).toBe(403);
      expect((await app.entries()).at(-1)).toMatchObject({ caller_name: 'peter', status: 403 });
      expect(await approvals()).toMatchObject([{ state: 'awaited' }]);
    });

    it.each<[string, () => string]>([
      [
        'signed more than five minutes ago',
        () => headerOf('peter', {}, { at: new Date(Date.now() - 5.1 * MINUTE).toISOString() }),
      ],
      [
        'signed for later',
        () => headerOf('peter', {}, { at: new Date(Date.now() + 5.1 * MINUTE).toISOString() }),
      ],
      [
        'with an old voucher',
        () => {
          const issuedAt = new Date(Date.now() - 5.1 * MINUTE).toISOString();
          return headerOf('peter', {}, { voucher: voucherOf('peter', { issuedAt }) });
        },
      ],
    ])('%s, and the page asks for the passkey again', async (_what, header) => {
      await asked();

      expect(await send({ person: 'peter', header: header() })).toMatchObject(REQUIRED);
    });

    it('with the passkey of another algorithm than the voucher states', async () => {
      const { publicKey } = generateKeyPairSync('ed25519');
      const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
      const voucher = voucherOf('peter', { publicKey: key });

      const header = headerOf('peter', {}, { voucher });
      expect(await send({ person: 'peter', header })).toMatchObject({ status: 403 });
    });

    it('without the digest of the request, or with another one', async () => {
      const { path, body } = await asked();
      const other = { digest: '0'.repeat(64) };
      const sent = (given: object) =>
        send({
          person: 'peter',
          path,
          body: given,
          header: headerOf('peter', { path, body: given }),
        });

      expect(await sent({})).toMatchObject({ status: 422 });
      expect(await sent(other)).toMatchObject({ status: 409 });
      expect(changes).toEqual([]);
      expect(await sent(body)).toMatchObject({ status: 200 });
    });

    it('with a passkey that both people use', async () => {
      await asked();
      const shared = voucherOf('peter', {
        credentialId: passkeyOf('olivia').credentialId,
        publicKey: passkeyOf('olivia').publicKey,
      });
      const header = headerOf('olivia', {}, { voucher: shared });

      expect((await send({ person: 'peter', header })).status).toBeGreaterThanOrEqual(400);
      expect(changes).toEqual([]);
    });
  });

  it('is done once: everything that passed is worth nothing again, in any order', async () => {
    const first = headerOf('olivia');
    await send({ person: 'olivia', header: first });
    const [{ id, digest } = { id: '', digest: '' }] = await approvals();
    const approval = { path: `/internal/approvals/${id}`, body: { digest } };
    const second = headerOf('peter', approval);
    await send({ person: 'peter', ...approval, header: second });
    const [third, fourth] = [headerOf('peter'), headerOf('olivia')];
    await send({ person: 'peter', header: third });
    await send({ person: 'olivia', header: fourth });
    expect(changes).toHaveLength(2);
    const before = await approvals();

    const seen: readonly Sent[] = [
      { person: 'olivia', header: first },
      { person: 'peter', header: third },
      { person: 'olivia', header: fourth },
      { person: 'peter', ...approval, header: second },
      { person: 'peter', ...approval, path: '/internal/approvals/2', header: second },
      { person: 'olivia', header: third },
      { person: 'peter', header: first },
    ];
    for (const one of [...seen, ...seen])
      expect((await send(one)).status).toBeGreaterThanOrEqual(400);

    expect(await approvals()).toEqual(before);
    expect(changes).toHaveLength(2);
  });

  it('is not done by a proof that counted for a demand which somebody replaced', async () => {
    const header = headerOf('olivia');
    await send({ person: 'olivia', header });
    const other = { what: 'other' };
    await send({ person: 'peter', body: other, header: headerOf('peter', { body: other }) });
    expect(await approvals()).toMatchObject([{ state: 'awaited' }, { state: 'void' }]);

    expect(await send({ person: 'olivia', header })).toMatchObject({
      status: 403,
      body: { message: 'The passkey was used for this call already: use it again' },
    });
    expect(await approvals()).toMatchObject([{ request: other, state: 'awaited' }, {}]);
  });

  it('counts one of two equal calls at one moment', async () => {
    const header = headerOf('olivia');

    const answers = await Promise.all([1, 2, 3].map(() => send({ person: 'olivia', header })));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await approvals()).toHaveLength(1);
  });

  it('keeps the proofs as evidence, which nobody changes or removes', async () => {
    await asked();

    expect(await app.owner.query('SELECT credential_id, call FROM passkey_proof')).toEqual([
      {
        credential_id: passkeyOf('olivia').credentialId,
        call: expect.stringContaining('sluice-call.v1\naudited\nPOST\n/internal/lifts\n'),
      },
    ]);
    await expect(app.owner.query('DELETE FROM passkey_proof')).rejects.toThrow('is evidence');
    await expect(app.database.query('DELETE FROM passkey_proof')).rejects.toThrow('permission');
  });

  it('takes no passkey of a client of the setting', async () => {
    const claims = { client_id: 'sluice-cli' };
    const { body } = await send({ person: 'olivia', claims });

    const path = `/internal/approvals/${body.data.approval_id}`;
    expect(await send({ person: 'peter', claims, path, body: {} })).toMatchObject({ status: 200 });
    expect(await approvals()).toMatchObject([{ requested_with: null, approved_with: null }]);
  });
});
