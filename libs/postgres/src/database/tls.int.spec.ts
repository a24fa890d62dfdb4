import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CertificateAuthority,
  freePort,
  startGuard,
  startPostgres,
  tempFolder,
  UNBELIEVABLE,
  unbelievableCertificate,
  writeServerTls,
  type Certificate,
  type PostgresServer,
  type ServerTls,
} from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { Database } from './database.js';
import { isInfrastructureFault, isRefusedLogin } from '../connection/faults.js';

describe('a database that speaks TLS alone', () => {
  const guard = startGuard();
  const folder = tempFolder(guard);
  let authority: CertificateAuthority;
  let files: ServerTls;
  let server: PostgresServer;

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
    files = await writeServerTls(join(folder, 'tls'), authority, {
      hosts: ['localhost', '127.0.0.1'],
    });
    server = await startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      password: randomBytes(12).toString('hex'),
      logFile: join(folder, 'postgres.log'),
      tls: files,
      guard,
      throwAway: true,
    });
  });
  afterAll(() => server.stop());

  const open = (url = server.adminUrl('postgres')) => Database.open({ url, name: 'a test' });
  const serves = async ({ certificate, key }: Certificate) => {
    writeFileSync(files.certFile, certificate);
    writeFileSync(files.keyFile, key);
    process.kill(server.process.pid() ?? 0, 'SIGHUP');
  };

  it('is opened by who believes its authority, also the connection that listens', async () => {
    const database = await open();
    const received: string[] = [];
    await database.listen('news', (payload) => received.push(payload));

    const [row] = await database.query<{ ssl: boolean }>(
      'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    await database.query(`NOTIFY news, 'it came'`);

    expect(row).toEqual({ ssl: true });
    await eventually(async () => expect(received).toContain('it came'));
    await database.close();
  });

  it('lets nobody in who speaks plainly', async () => {
    const plain = server.adminUrl('postgres').replace(/\?.*/, '');
    await expect(open(plain)).rejects.toThrow('no encryption');
  });

  it.each(UNBELIEVABLE)('is not believed with a certificate %s', async (what, code) => {
    const database = await open();
    await serves(await unbelievableCertificate(what, authority));

    await eventually(async () => expect(open()).rejects.toMatchObject({ code }));

    const fault = await open().catch((error: unknown) => error);
    expect(isInfrastructureFault(fault)).toBe(true); // the work is right: it waits, and nothing is set aside
    expect(isRefusedLogin(fault)).toBe(false);
    await database.close();
    await serves(await authority.issue({ hosts: ['127.0.0.1'] }));
    await eventually(async () => (await open()).close());
  });
});
