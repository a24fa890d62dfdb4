import {
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

const LEAST_LEFT_MS = 86_400_000;

interface KeptCertificate extends SimulatorCertificate {
  /** The file of the certificate, for clients. */
  readonly file: string;
}

/** Certificate of a folder; a new one if missing, expiring within a day, or without all hosts. */
export function keptCertificate(
  folder: string,
  hosts: readonly string[],
  now: Date,
): KeptCertificate {
  const file = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  if (existsSync(file) && existsSync(keyFile)) {
    const certificate = readFileSync(file, 'utf8');
    if (isGood(certificate, hosts, now))
      return { certificate, key: readFileSync(keyFile, 'utf8'), file };
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = selfSigned(hosts, now);
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  writeFileSync(file, made.certificate);
  return { ...made, file };
}

function isFor(certificate: X509Certificate, host: string): boolean {
  const name = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  return name !== undefined;
}

function isGood(pem: string, hosts: readonly string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const lasts = Date.parse(certificate.validTo) - now.getTime() > LEAST_LEFT_MS;
    return lasts && hosts.every((host) => isFor(certificate, host));
  } catch {
    return false; // the file was truncated during writing
  }
}

/** Tags of ASN.1 DER, limited to the needs of a certificate. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

function der(tag: keyof typeof TAG | number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const head = typeof tag === 'number' ? tag : TAG[tag];
  return Buffer.concat([Buffer.from([head]), lengthOf(content.length), content]);
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der('objectId', Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A whole number above zero, of however many bytes. */
function integer(bytes: Uint8Array): Buffer {
  return der('integer', (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.from([0, ...bytes]));
}

function bits(bytes: Uint8Array): Buffer {
  return der('bitString', Buffer.from([0]), bytes);
}

/** `261122120000Z`: to the second, and good until 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+Z/g, '');
  return der('time', Buffer.from(`${digits.slice(2)}Z`));
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

/** Seven bits a byte, the highest first, all but the last with the eighth set. */
function base128(value: number): number[] {
  const last = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) last.unshift(0x80 | (rest & 0x7f));
  return last;
}

interface SimulatorCertificate {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const LIFE_DAYS = 397; // longest life of a certificate accepted by clients
const ECDSA_SHA256 = der('sequence', objectId('1.2.840.10045.4.3.2'));
const SUBJECT_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';

/** Self-signed certificate, which is also the authority. */
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
