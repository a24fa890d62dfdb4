import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@sluice/test-servers';
import { cliConfig } from '../settings/config.js';
import { tokenSource } from './token-source.js';

describe('a token of an issuer with a private CA', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-token-'));
  const caFile = join(folder, 'ca.pem');
  let server: Server;
  let url: string;
  let form = '';

  beforeAll(async () => {
    const authority = await CertificateAuthority.create();
    writeFileSync(caFile, authority.certificate);
    const { certificate: cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
    server = createServer({ cert, key }, (request, response) => {
      request.on('data', (bytes: Buffer) => (form = bytes.toString()));
      request.on('end', () => response.end('{"access_token":"a-token","expires_in":600}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const token = async (more: Readonly<Record<string, string>>): Promise<string> => {
    const login = { SLUICE_TOKEN_URL: url, SLUICE_CLIENT_ID: 'ada', SLUICE_CLIENT_SECRET: 'a+b' };
    return tokenSource(cliConfig({ ...login, ...more }).login, {} as never, undefined)();
  };

  it('is given with OIDC_CA_FILE', async () => {
    expect(await token({ OIDC_CA_FILE: caFile })).toBe('a-token');
    expect(form).toBe('grant_type=client_credentials&client_id=ada&client_secret=a%2Bb');
  });

  it('is refused without, with the reason', async () => {
    await expect(token({})).rejects.toThrow(
      `${url} gives no token: unable to verify the first certificate`,
    );
  });
});
