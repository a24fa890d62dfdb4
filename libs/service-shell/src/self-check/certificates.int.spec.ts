import { createServer, type Server } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@sluice/runtime';
import {
  CertificateAuthority,
  startGuard,
  tempFolder,
  UNBELIEVABLE,
  unbelievableCertificate,
  type Certificate,
} from '@sluice/test-servers';
import { certificatesCheck } from './certificates.check.js';

const DAY_MS = 86_400_000;
const NOW = new Date();

describe('the certificates that a service sees', () => {
  const folder = tempFolder(startGuard());
  let authority: CertificateAuthority;
  let caFile: string;
  let server: Server | undefined;
  beforeAll(async () => {
    authority = await CertificateAuthority.create();
    caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, authority.certificate);
  });
  afterEach(() => void server?.close());

  async function kafkaWith({ certificate: cert, key }: Certificate): Promise<string> {
    server = createServer({ cert, key });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function codes(
    settings: { brokers?: readonly string[]; tlsCertFile?: string | null } = {},
    now = NOW,
  ): Promise<readonly string[]> {
    const { brokers = [], tlsCertFile = null } = settings;
    const check = certificatesCheck(
      {
        brokers,
        tlsCertFile,
        internalCaFile: null,
        oidcCaFile: null,
        kafkaCaFile: caFile,
        kafkaTls: false,
        kafkaCertFile: null,
        databaseUrl: new Secret('postgres://a:b@127.0.0.1:1/c'),
      },
      () => now,
    );
    const { findings = [] } = await check.look();
    return findings.map(({ code, wrong }) => `${code}: ${wrong}`);
  }

  const good = () =>
    authority.issue({
      hosts: ['127.0.0.1'],
      validUntil: new Date(NOW.getTime() + 25 * DAY_MS),
    });

  it('are right while they have most of their lives before them', async () => {
    expect(await codes({ brokers: [await kafkaWith(await good())] })).toEqual([]);
  });

  it('are told when a file or what Kafka shows ends soon', async () => {
    const certificate = await good();
    const tlsCertFile = join(folder, 'own.pem');
    writeFileSync(tlsCertFile, certificate.certificate);
    const soon = new Date(NOW.getTime() + 23 * DAY_MS);

    const found = await codes({ brokers: [await kafkaWith(certificate)], tlsCertFile }, soon);

    expect(found).toEqual([
      expect.stringMatching(
        /^certificate-ends-soon: This service's certificate \(.*own.pem\) ends at /,
      ),
      expect.stringMatching(
        /^certificate-ends-soon: The certificate of Kafka at 127.0.0.1:\d+ ends at /,
      ),
    ]);
  });

  it('of an authority that has ended are told', async () => {
    const later = new Date(NOW.getTime() + 40 * DAY_MS);

    expect(await codes({}, later)).toEqual([
      expect.stringMatching(
        /^certificate-ended: The authority of Kafka's certificates .* has ended at /,
      ),
    ]);
  });

  it.each(UNBELIEVABLE)('that nobody may believe are told: one %s', async (what) => {
    const place = await kafkaWith(await unbelievableCertificate(what, authority));

    expect(await codes({ brokers: [place] })).toEqual([
      expect.stringMatching(
        /^certificate-not-believed: Kafka at 127.0.0.1:\d+ has no valid certificate: .*(certificate|altnames)/i,
      ),
    ]);
  });
});
