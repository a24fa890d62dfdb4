import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import type { Logger } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import {
  CertificateAuthority,
  startGuard,
  tempFolder,
  UNBELIEVABLE,
  unbelievableCertificate,
  type Certificate,
} from '@sluice/test-servers';
import { connectKafka } from './connect-kafka.js';

/** Stands where the broker is, and has nothing to say but who it is: what a client sends to it would be read by a thief. */
describe('a Kafka that is not believed', () => {
  const guard = startGuard();
  const caFile = join(tempFolder(guard), 'ca.pem');
  const quiet = () => undefined;
  let warnings: string[] = [];
  const logger: Logger = {
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (_fields: object, text: string) => warnings.push(text),
  };
  let authority: CertificateAuthority;
  let server: Server;
  let received = 0;
  beforeAll(async () => void (authority = await CertificateAuthority.create()));
  beforeEach(() => {
    writeFileSync(caFile, authority.certificate);
    received = 0;
    warnings = [];
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const listen = async ({ certificate: cert, key }: Certificate) => {
    server = createServer({ cert, key }, (socket) =>
      socket.on('error', quiet).on('data', ({ length }) => {
        received += length;
        socket.destroy();
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  };
  /** It tries again for minutes, and by itself: a certificate that was put right needs no restart. */
  const connect = () =>
    void connectKafka({
      brokers: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
      clientId: 'a test',
      logger,
      security: {
        login: { mechanism: 'scram-sha-512', username: 'ledger', password: 'a password' },
        tls: { caFile, client: null },
      },
    })
      .admin({ retries: 0 })
      .connect()
      .catch(quiet);
  const says = (sentence: RegExp) =>
    eventually(async () => expect(warnings.join('\n')).toMatch(sentence));

  it.each([
    [UNBELIEVABLE[0][0], /unable to verify the first certificate/],
    [UNBELIEVABLE[1][0], /certificate has expired/],
    [UNBELIEVABLE[2][0], /does not match certificate's altnames/],
  ] as const)('for a certificate %s is sent nothing, and the log says why', async (what, why) => {
    await listen(await unbelievableCertificate(what, authority));

    connect();

    await says(why);
    expect(received).toBe(0);
  });

  it('is believed once the file of the authority was replaced by its own', async () => {
    const next = await CertificateAuthority.create('the next one');
    await listen(await next.issue({ hosts: ['127.0.0.1'] }));
    connect();
    await says(/certificate/);
    expect(received).toBe(0);

    writeFileSync(caFile, next.certificate);

    await eventually(async () => expect(received).toBeGreaterThan(0));
  });
});
