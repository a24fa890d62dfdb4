import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority, ConnectProxy, LocalIssuer } from '@sluice/test-servers';
import { ProvenCallers } from './proven-callers.js';
import { issuerCheck } from '../self-check/platform.check.js';
import { now, refusal, settingsOf } from './testkit/refusal.js';

describe('an issuer with a private CA', () => {
  let folder: string;
  let caFile: string;
  let authority: CertificateAuthority;
  let server: Server;
  let issuer: LocalIssuer;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-issuer-'));
    caFile = join(folder, 'ca.pem');
    authority = await CertificateAuthority.create();
    const { certificate: cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
    server = createServer({ cert, key }, (request, response) => {
      const published: Readonly<Record<string, object>> = {
        '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/jwks.json` },
        '/jwks.json': { keys: [issuer.publicKey()] },
      };
      response.end(JSON.stringify(published[request.url ?? ''] ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    issuer = await LocalIssuer.start({ issuer: url });
  });
  beforeEach(() => writeFileSync(caFile, authority.certificate));
  afterAll(async () => {
    await issuer.stop();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const callers = (more: Readonly<Record<string, string>>) =>
    new ProvenCallers('ledger', settingsOf(url, more), now);

  it('is believed with OIDC_CA_FILE', async () => {
    const proven = callers({ OIDC_CA_FILE: caFile });

    expect(await proven.prove(issuer.tokenOf('peter'))).toMatchObject({ name: 'peter' });
    expect(await issuerCheck(settingsOf(url, { OIDC_CA_FILE: caFile })).look()).toEqual({});
  });

  it('is not believed without, and the self-check names the fault and the setting', async () => {
    expect(await refusal(callers({}).prove(issuer.tokenOf('peter')))).toEqual([
      503,
      expect.stringContaining('issuer'),
    ]);
    expect(await issuerCheck(settingsOf(url)).look()).toMatchObject({
      findings: [
        {
          code: 'issuer-away',
          wrong: expect.stringContaining('unable to verify the first certificate') as string,
          remedy: expect.stringContaining('OIDC_CA_FILE') as string,
        },
      ],
    });
  });

  it('reads a replaced file for the next call', async () => {
    const other = await CertificateAuthority.create();
    const check = issuerCheck(settingsOf(url, { OIDC_CA_FILE: caFile }));
    writeFileSync(caFile, other.certificate);
    expect(await check.look()).toMatchObject({ findings: [{ code: 'issuer-away' }] });

    writeFileSync(caFile, authority.certificate);
    expect(await check.look()).toEqual({});
  });

  it('is reached through a proxy, with the same CA', async () => {
    const proxy = await ConnectProxy.start();
    const OUTGOING_PROXY_URL = `http://127.0.0.1:${proxy.port}`;
    const through = callers({ OIDC_CA_FILE: caFile, OUTGOING_PROXY_URL });
    const unbelieved = callers({ OUTGOING_PROXY_URL });

    expect(await through.prove(issuer.tokenOf('ada'))).toMatchObject({ name: 'ada' });
    expect(proxy.asked.length).toBeGreaterThan(0);
    expect((await refusal(unbelieved.prove(issuer.tokenOf('ada'))))[0]).toBe(503);
    await proxy.stop();
  });
});
