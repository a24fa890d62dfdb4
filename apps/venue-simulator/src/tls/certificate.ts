import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, der, integer, objectId, time } from './der.js';

export interface SimulatorCertificate {
  /** PEM of the certificate, for clients to trust. */
  readonly certificate: string;
  /** PEM of the private key. */
  readonly key: string;
}

const DAY_MS = 86_400_000;
const LIFE_DAYS = 397; // longest life of a certificate accepted by clients
const ECDSA_SHA256 = der('sequence', objectId('1.2.840.10045.4.3.2'));
const SUBJECT_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';

/**
 * Creates a self-signed certificate for the names and addresses. The certificate is also the
 * authority: a client needs to trust only a single file.
 */
export function selfSigned(hosts: readonly string[], now: Date): SimulatorCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = der(
    'sequence',
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_SHA256,
    NAME,
    der('sequence', time(daysFrom(now, -1)), time(daysFrom(now, LIFE_DAYS))),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der('sequence', subjectNames(hosts), AUTHORITY)),
  );
  const whole = der('sequence', signed, ECDSA_SHA256, bits(signature(signed, privateKey)));
  return {
    certificate: pem(whole),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const NAME = der(
  'sequence',
  der('set', der('sequence', objectId('2.5.4.3'), der('utf8', Buffer.from('venue simulator')))),
);

/** Critical basic constraints: the certificate may sign certificates, and is self-signed. */
const AUTHORITY = der(
  'sequence',
  objectId(BASIC_CONSTRAINTS),
  der('boolean', Buffer.from([0xff])),
  der('octetString', der('sequence', der('boolean', Buffer.from([0xff])))),
);

function subjectNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => {
    const version = isIP(host);
    if (version === 4) return der(0x87, Buffer.from(host.split('.').map(Number)));
    return version === 6 ? der(0x87, addressOf(host)) : der(0x82, Buffer.from(host));
  });
  return der('sequence', objectId(SUBJECT_NAMES), der('octetString', der('sequence', ...names)));
}

/** The 16 bytes of an IPv6 address. */
function addressOf(host: string): Buffer {
  const [head = '', tail] = host.split('::', 2);
  const groups = (text: string): string[] => text.split(':').filter(Boolean);
  const end = tail === undefined ? [] : groups(tail);
  const begin = groups(head);
  const zeros = Array.from({ length: 8 - begin.length - end.length }, () => '0');
  const hex = [...begin, ...zeros, ...end].map((group) => group.padStart(4, '0')).join('');
  return Buffer.from(hex, 'hex');
}

function signature(bytes: Uint8Array, key: KeyObject): Buffer {
  return sign('sha256', bytes, { key, dsaEncoding: 'der' });
}

function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
