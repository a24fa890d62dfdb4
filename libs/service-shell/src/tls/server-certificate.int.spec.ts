import { writeFileSync } from 'node:fs';
import { connect, type ConnectionOptions } from 'node:tls';
import { AdminHttp } from '@sluice/admin-client';
import type { Logger } from '@sluice/runtime';
import {
  CertificateAuthority,
  freePort,
  startGuard,
  tempFolder,
  UNBELIEVABLE,
  unbelievableCertificate,
  writeServerTls,
  type Certificate,
  type ServerTls,
} from '@sluice/test-servers';
import { HttpServers } from '../http/http-servers.js';
import { ServerCertificate } from './server-certificate.js';

describe('a service that speaks TLS', () => {
  const guard = startGuard();
  const folder = tempFolder(guard);
  const notices: string[] = [];
  const quiet = () => undefined;
  const logger: Logger = {
    debug: quiet,
    warn: quiet,
    error: quiet,
    info: (_fields: object, text: string) => notices.push(text),
  };
  let authority: CertificateAuthority;
  let files: ServerTls;
  let certificate: ServerCertificate;
  let servers: HttpServers;
  let port: number;
  let asked = 0;

  beforeEach(async () => {
    asked = 0;
    authority = await CertificateAuthority.create();
    files = await writeServerTls(folder, authority, { hosts: ['127.0.0.1'] });
    certificate = new ServerCertificate(files, logger);
    port = await freePort();
    servers = new HttpServers([{ host: '127.0.0.1', port, reportsFaults: true }], certificate);
    await servers.serve((_request, response) => {
      asked++;
      response.writeHead(200, { connection: 'close' }).end(JSON.stringify({ data: 'pong' }));
    });
  });
  afterEach(() => servers.close());

  const ask = (scheme = 'https') =>
    new AdminHttp({
      service: 'ledger',
      baseUrl: `${scheme}://127.0.0.1:${port}`,
      token: () => 'a token',
      caFile: files.caFile,
    }).call('GET /ping');
  const replaceBy = ({ certificate: cert, key }: Certificate) => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
  };

  it('answers who believes its authority, and nobody who speaks plainly', async () => {
    expect(await ask()).toBe('pong');
    await expect(ask('http')).rejects.toThrow('cannot be reached');
    expect(asked).toBe(1);
  });

  /** Negotiated suite of a client with only these suites. */
  const handshake = (options: ConnectionOptions) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ ...options, host: '127.0.0.1', port, ca: authority.certificate });
      socket.on('secureConnect', () => {
        resolve(socket.getCipher().name);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  const only = (ciphers: string) => handshake({ ciphers, maxVersion: 'TLSv1.2' });

  it.each([
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-ECDSA-AES256-SHA384',
    'ECDHE-ECDSA-AES256-SHA',
    'ECDHE-RSA-AES128-SHA256',
    'ECDHE-RSA-AES256-SHA384',
    'AES128-GCM-SHA256',
  ])('makes no connection with the suite %s', async (suite) => {
    await expect(only(suite)).rejects.toThrow(/handshake failure/i);
  });

  it('connects with authenticated encryption, by TLS 1.2 and 1.3, also after a renewal', async () => {
    const gcm = 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384';
    expect(await only(gcm)).toMatch(/^ECDHE-(ECDSA|RSA)-AES256-GCM-SHA384$/);
    expect(await handshake({ minVersion: 'TLSv1.3' })).toMatch(/^TLS_/);

    replaceBy(await authority.issue({ hosts: ['127.0.0.1'] }));
    certificate.reload();

    expect(await only(gcm)).toMatch(/GCM/);
    await expect(only('ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256')).rejects.toThrow();
  });

  it.each(UNBELIEVABLE)('is asked nothing with a certificate %s', async (what) => {
    replaceBy(await unbelievableCertificate(what, authority));
    certificate.reload();

    await expect(ask()).rejects.toThrow(/cannot be reached: .*(certificate|altnames)/i);
    expect(asked).toBe(0);
  });

  it('takes over what replaces its files, and its clients the authority', async () => {
    const next = await CertificateAuthority.create('the next one');
    replaceBy(await next.issue({ hosts: ['127.0.0.1'] }));
    certificate.reload();
    await expect(ask()).rejects.toThrow('cannot be reached');

    writeFileSync(files.caFile, next.certificate);

    expect(await ask()).toBe('pong');
    expect(notices).toContain('the service uses a renewed certificate');
  });

  it('keeps its certificate while only a half of the next is there', async () => {
    const { certificate: cert } = await authority.issue({ hosts: ['127.0.0.1'] });
    writeFileSync(files.certFile, cert);

    expect(() => certificate.reload()).toThrow();

    expect(await ask()).toBe('pong');
  });
});
