import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Query } from '@sluice/postgres';
import { isLoopback } from '@sluice/runtime';
import type { ServiceConfig } from '../settings/config.js';
import { isKafkaEncrypted } from '../settings/kafka-settings.js';
import type { SelfCheck, SelfCheckFinding } from './self-checks.js';

type CertificateSettings = Pick<
  ServiceConfig,
  | 'databaseUrl'
  | 'brokers'
  | 'kafkaCaFile'
  | 'kafkaTls'
  | 'kafkaCertFile'
  | 'internalCaFile'
  | 'oidcCaFile'
  | 'tlsCertFile'
>;

interface Named {
  readonly what: string;
  readonly certificate: X509Certificate;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const DAY_MS = 86_400_000;
/** Remaining part of the lifetime: renewal is usual at 1/3, and has failed at 1/5. */
const LATE_AT = 1 / 5;
const SOON_MS = 21 * DAY_MS;

/** Checks the expiry of the certificates presented, trusted and received by this service. */
export function certificatesCheck(settings: CertificateSettings, now: () => Date): SelfCheck {
  return {
    name: 'certificates',
    look: async () => {
      const shown = await Promise.all(placesOf(settings).map(async (one) => askPeer(one)));
      const all = [...filesOf(settings), ...shown.flatMap(({ named }) => named)];
      return {
        findings: [
          ...shown.flatMap(({ fault }) => fault),
          ...all.flatMap((one) => ending(one, now().getTime())),
        ],
      };
    },
  };
}

function filesOf(settings: CertificateSettings): readonly Named[] {
  const { tlsCertFile, internalCaFile, oidcCaFile, kafkaCaFile, kafkaCertFile, databaseUrl } =
    settings;
  const databaseCa = new URL(databaseUrl.reveal()).searchParams.get('sslrootcert');
  const files: readonly (readonly [string, string | null])[] = [
    ["this service's certificate", tlsCertFile],
    ['the authority of the services', internalCaFile],
    ['the authority of the token issuer', oidcCaFile],
    ["the authority of Kafka's certificates", kafkaCaFile],
    ["this service's certificate at Kafka", kafkaCertFile],
    ["the authority of PostgreSQL's certificate", databaseCa],
  ];
  return files.flatMap(([what, file]) =>
    file === null
      ? []
      : (readFileSync(file, 'utf8').match(PEM) ?? []).map((pem) => ({
          what: `${what} (${file})`,
          certificate: new X509Certificate(pem),
        })),
  );
}

function placesOf({
  brokers,
  kafkaCaFile,
  kafkaTls,
  databaseUrl,
}: CertificateSettings): readonly TlsPlace[] {
  const { hostname, port, searchParams } = new URL(databaseUrl.reveal());
  const kafka = brokers.map((place) => ({
    host: place.replace(/:\d+$/, ''),
    port: Number(/\d+$/.exec(place)?.[0]),
    caFile: kafkaCaFile,
    isPostgres: false,
  }));
  const postgres = {
    host: hostname,
    port: Number(port === '' ? 5_432 : port),
    caFile: searchParams.get('sslrootcert'),
    isPostgres: true,
  };
  return [
    ...(isKafkaEncrypted({ kafkaCaFile, kafkaTls }) ? kafka : []),
    ...(searchParams.get('sslmode') === 'verify-full' ? [postgres] : []),
  ];
}

async function askPeer(
  place: TlsPlace,
): Promise<{ named: readonly Named[]; fault: SelfCheckFinding[] }> {
  const what = `${place.isPostgres ? 'PostgreSQL' : 'Kafka'} at ${place.host}:${place.port}`;
  try {
    const certificate = await peerCertificate(place);
    return { named: [{ what: `the certificate of ${what}`, certificate }], fault: [] };
  } catch (error) {
    return {
      named: [],
      fault: [
        {
          code: 'certificate-not-believed',
          wrong: `${what} has no valid certificate: ${(error as Error).message}.`,
          follows: 'The service sends no data there, and work in progress waits.',
          remedy:
            'Check its certificate, the names in the certificate, and the CA file of this service.',
        },
      ],
    };
  }
}

function ending({ what, certificate }: Named, nowMs: number): readonly SelfCheckFinding[] {
  const [fromMs, toMs] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  const leftMs = toMs - nowMs;
  if (leftMs > Math.min(SOON_MS, (toMs - fromMs) * LATE_AT)) return [];
  const end = certificate.validToDate.toISOString();
  return [
    {
      code: leftMs <= 0 ? 'certificate-ended' : 'certificate-ends-soon',
      wrong: `${what[0]?.toUpperCase()}${what.slice(1)} ${leftMs <= 0 ? 'has ended' : 'ends'} at ${end}.`,
      follows: 'After that time verifying clients cannot connect, and their work stops.',
      remedy: 'Renew the certificate, and find out why the automatic renewal failed.',
    },
  ];
}

interface TlsPlace {
  readonly host: string;
  readonly port: number;
  /** PEM file of the CA; null: the CAs known to Node. */
  readonly caFile: string | null;
  /** True for PostgreSQL: the server starts TLS only on request. */
  readonly isPostgres: boolean;
}

const WITHIN_MS = 5_000;
const SSL_REQUEST = Buffer.of(0, 0, 0, 8, 4, 210, 22, 47);

/** Certificate presented by a server. Throws if untrusted or without an answer. */
async function peerCertificate(place: TlsPlace): Promise<X509Certificate> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const { host, port, caFile } = place;
  const socket = connect(port, host);
  try {
    await once(socket, 'connect', { signal });
    if (place.isPostgres) await askForTls(socket, signal);
    const secure: TLSSocket = connectTls({
      socket,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ...(caFile !== null && { ca: readFileSync(caFile, 'utf8') }),
    });
    await once(secure, 'secureConnect', { signal });
    const certificate = secure.getPeerX509Certificate();
    secure.end();
    if (certificate === undefined) throw new Error('it shows no certificate');
    return certificate;
  } finally {
    socket.destroy();
  }
}

async function askForTls(socket: Socket, signal: AbortSignal): Promise<void> {
  socket.write(SSL_REQUEST);
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  if (answer.toString('latin1') !== 'S') throw new Error('it does not speak TLS');
}

type Connections = Pick<ServiceConfig, 'databaseUrl' | 'brokers' | 'kafkaCaFile' | 'kafkaTls'>;

/** Checks the encryption of the connections from this machine to PostgreSQL and Kafka. */
export function encryptionCheck(
  { databaseUrl, brokers, ...tls }: Connections,
  query: Query,
): SelfCheck {
  const { hostname, host } = new URL(databaseUrl.reveal());
  return {
    name: 'encryption',
    look: async () => {
      const [row] = await query<{ ssl: boolean }>(
        'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      );
      const faraway = brokers.filter((place) => !isLoopback(place.replace(/:\d+$/, '')));
      return {
        findings: [
          ...(row?.ssl === false && !isLoopback(hostname)
            ? [
                plain(
                  'database-plain',
                  `PostgreSQL at ${host}`,
                  'Set sslmode=verify-full in DATABASE_URL.',
                ),
              ]
            : []),
          ...(!isKafkaEncrypted(tls) && faraway.length > 0
            ? [plain('kafka-plain', `Kafka at ${faraway.join(', ')}`, 'Set KAFKA_TLS_CA_FILE.')]
            : []),
        ],
      };
    },
  };
}

function plain(code: string, to: string, remedy: string): SelfCheckFinding {
  return {
    code,
    wrong: `The connection to ${to} is not encrypted.`,
    follows: 'A reader of the network sees recipients, amounts, and the password or its proof.',
    remedy,
  };
}
