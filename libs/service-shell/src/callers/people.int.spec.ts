import { createHmac, sign } from 'node:crypto';
import { ROLES } from '@sluice/http-api';
import { LocalIssuer } from '@sluice/test-servers';
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT } from 'jose';
import { ProvenCallers } from './proven-callers.js';
import { FORM, now, refusal, settingsOf } from './testkit/refusal.js';

const seconds = (): number => Math.floor(Date.now() / 1_000);

describe('a person', () => {
  let issuer: LocalIssuer;
  let callers: ProvenCallers;
  beforeAll(async () => {
    issuer = await LocalIssuer.start();
    callers = new ProvenCallers('ledger', settingsOf(issuer.url), now);
  });
  afterAll(() => issuer.stop());

  it('is known by the subject of the token, with the roles that are known here', async () => {
    expect(await callers.prove(issuer.tokenOf('peter'))).toEqual({
      kind: 'person',
      name: 'peter',
      roles: ['operate', 'approve'],
      client: 'sluice-cli',
    });
    const others = issuer.tokenOf('eve', { roles: ['root', 'audit', 'administrator', 7] });
    expect(await callers.prove(others)).toMatchObject({ roles: ['audit'] });
    for (const roles of [undefined, null, 'operate', { operate: true }])
      expect(await callers.prove(issuer.tokenOf('eve', { roles }))).toMatchObject({ roles: [] });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['client_id', { client_id: 'sluice-console' }, 'sluice-console'],
    ['azp alone', { client_id: undefined, azp: 'sluice-console' }, 'sluice-console'],
    ['both alike', { azp: 'sluice-cli' }, 'sluice-cli'],
    ['no client', { client_id: undefined }, ''],
    ['two clients', { azp: 'sluice-console' }, ''],
    ['a client in a list', { client_id: ['sluice-cli'] }, ''],
    ['a client beside null', { azp: null }, ''],
  ])('has the client of a token with %s', async (_what, claims, client) => {
    expect(await callers.prove(issuer.tokenOf('ada', claims))).toMatchObject({ client });
  });

  it('has the roles of another claim where the issuer has it so', async () => {
    const token = issuer.tokenOf('eve', { realm_access: { roles: ['audit'] } });
    const keycloak = settingsOf(issuer.url, { OIDC_ROLES_CLAIM: 'realm_access.roles' });
    expect(await new ProvenCallers('ledger', keycloak, now).prove(token)).toMatchObject({
      roles: ['audit'],
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['for somebody else', { aud: 'payroll' }, 'The token is refused for its aud claim'],
    ['for nobody', { aud: undefined }, 'The token is refused for its aud claim'],
    ['of another issuer', { iss: 'http://evil' }, 'The token is refused for its iss claim'],
    ['that has expired', { exp: seconds() - 60 }, 'The token has expired: get a new one'],
    ['without an end', { exp: undefined }, 'The token is refused for its exp claim'],
    [
      'that lives too long',
      { exp: seconds() + 3_700 },
      'The token lives longer than an hour, which is not allowed here',
    ],
    [
      'that was issued long ago',
      { iat: seconds() - 4_000 },
      'The token has expired: get a new one',
    ],
    [
      'of tomorrow',
      { iat: seconds() + 86_400, exp: seconds() + 86_500 },
      'The token is refused for its iat claim',
    ],
    ['without a beginning', { iat: undefined }, 'The token is refused for its iat claim'],
    ['that is not good yet', { nbf: seconds() + 60 }, 'The token is refused for its nbf claim'],
    ['of nobody', { sub: undefined }, 'The token is refused for its sub claim'],
    ['of a number', { sub: 7 }, 'The token has no usable name in its sub claim'],
    ['of an invisible name', { sub: 'ㅤ' }, 'The token has no usable name in its sub claim'],
    ['of two scripts', { sub: 'Реtеr' }, 'The token has no usable name in its sub claim'],
    [
      'of a name that would break a log',
      { sub: 'ada\nroot' },
      'The token has no usable name in its sub claim',
    ],
  ])('is not believed with a token %s', async (_what, claims, message) => {
    expect(await refusal(callers.prove(issuer.tokenOf('ada', claims)))).toEqual([401, message]);
  });

  it('is believed by the time of the database, whatever this process thinks', async () => {
    const later = (): Date => new Date(Date.now() + 700_000);
    const token = issuer.tokenOf('ada');
    const late = new ProvenCallers('ledger', settingsOf(issuer.url), later);

    expect(await refusal(late.prove(token))).toEqual([401, 'The token has expired: get a new one']);
  });

  it('is not believed with a forged signature', async () => {
    const [head, body, signature] = issuer.tokenOf('audrey').split('.');
    const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as object;
    const grown = encoded({ ...claims, roles: ROLES });
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const foreign = sign(null, Buffer.from(`${head}.${grown}`), await exportPKCS8(privateKey));

    for (const token of [
      `${head}.${grown}.${signature}`,
      `${head}.${grown}.${foreign.toString('base64url')}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      'the-token',
      '..',
    ])
      expect([token, ...(await refusal(callers.prove(token)))]).toEqual([token, 401, FORM]);
  });

  it('is refused without an algorithm, or with an algorithm that anyone can forge', async () => {
    const [, body = ''] = issuer.tokenOf('ada').split('.');
    const { x = '', kid } = issuer.publicKey() as { readonly x: string; readonly kid: string };
    for (const alg of ['none', 'None', 'NONE']) {
      const token = `${encoded({ alg, kid })}.${body}.`;
      expect(await refusal(callers.prove(token))).toEqual([401, FORM]);
    }
    for (const secret of [x, Buffer.from(x, 'base64url'), JSON.stringify(issuer.publicKey())]) {
      const signed = `${encoded({ alg: 'HS256', kid })}.${body}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await refusal(callers.prove(`${signed}.${mac}`))).toEqual([401, FORM]);
    }
  });

  it('is refused with a key unknown to the issuer, regardless of the key address in the token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA');
    const jwk = await exportJWK(publicKey);
    const forged = await new SignJWT({ roles: ROLES })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'mine', jwk, jku: 'http://127.0.0.1:1/jwks.json' })
      .setIssuer(issuer.url)
      .setAudience('sluice')
      .setSubject('mallory')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);

    expect(await refusal(callers.prove(forged))).toEqual([
      401,
      'The token is signed with a key that its issuer does not publish',
    ]);
  });
});

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
