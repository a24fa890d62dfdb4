import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ROLES } from '@sluice/http-api';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { ProvenCallers } from './proven-callers.js';
import { FORM, now, refusal, settingsOf } from './testkit/refusal.js';

describe('the keys of an issuer', () => {
  let server: Server;
  let asked: string[];
  let keys: object[];
  let isAway: boolean;
  let clockMs: number;
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeEach(async () => {
    [asked, keys, isAway] = [[], [], false];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const body = request.url?.startsWith('/.well')
        ? { issuer: url(), jwks_uri: `${url()}/keys` }
        : { keys };
      response.writeHead(isAway ? 503 : 200).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    clockMs = 0;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

  const signer = async (alg: 'ES256' | 'RS256' | 'EdDSA', kid: string) => {
    const pair = await generateKeyPair(alg);
    keys.push({ ...(await exportJWK(pair.publicKey)), kid, alg });
    return (name: string): Promise<string> =>
      new SignJWT({ roles: ['audit'] })
        .setProtectedHeader({ alg, kid })
        .setIssuer(url())
        .setAudience('sluice')
        .setSubject(name)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(pair.privateKey);
  };

  it.each(['ES256', 'RS256', 'EdDSA'] as const)(
    'of %s are found by its discovery document, asked for once',
    async (alg) => {
      const tokenOf = await signer(alg, '1');
      const callers = new ProvenCallers('ledger', settingsOf(url()), now, () => clockMs);
      await Promise.all(['a', 'b', 'c'].map(async (name) => callers.prove(await tokenOf(name))));

      expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    },
  );

  it('that it has changed are asked for when a token needs one, but not for each token of a stranger', async () => {
    const first = await signer('EdDSA', '1');
    const callers = new ProvenCallers('ledger', settingsOf(url()), now, () => clockMs);
    await callers.prove(await first('ada'));
    const second = await signer('EdDSA', '2');
    expect(await refusal(callers.prove(await second('ada')))).toContain(401);
    clockMs += 30_001;

    expect(await callers.prove(await second('ada'))).toMatchObject({ name: 'ada' });
    keys.pop();
    const stranger = await signer('EdDSA', '3');
    keys.pop();
    for (const name of ['a', 'b', 'c']) await refusal(callers.prove(await stranger(name)));

    expect(asked.filter((path) => path === '/keys')).toHaveLength(2);
  });

  it('go on while it is away; those that are unknown are asked for later, which is no fault of the caller', async () => {
    const known = await signer('EdDSA', '1');
    const callers = new ProvenCallers('ledger', settingsOf(url()), now, () => clockMs);
    isAway = true;
    expect(await refusal(callers.prove(await known('ada')))).toEqual([
      503,
      'The issuer of tokens does not answer the query for its keys: retry soon',
    ]);
    isAway = false;
    clockMs += 3_001;
    await callers.prove(await known('ada'));
    isAway = true;
    clockMs += 3_600_000;

    expect(await callers.prove(await known('olivia'))).toMatchObject({ name: 'olivia' });
    const later = await signer('EdDSA', '2');
    clockMs += 30_001;
    expect(await refusal(callers.prove(await later('ada')))).toContain(503);
  });

  it('are no keys to make a token with: a public RSA key signs no HS256', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    keys.push({ ...(await exportJWK(publicKey)), kid: '1' });
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const forged = await new SignJWT({ roles: ROLES })
      .setProtectedHeader({ alg: 'HS256', kid: '1' })
      .setIssuer(url())
      .setAudience('sluice')
      .setSubject('mallory')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(secret);

    const callers = new ProvenCallers('ledger', settingsOf(url()), now, () => clockMs);
    expect(await refusal(callers.prove(forged))).toEqual([401, FORM]);
  });
});
