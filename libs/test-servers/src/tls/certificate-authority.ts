import 'reflect-metadata'; // @peculiar/x509 resolves its parts by it
import { randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { isIP } from 'node:net';

/** PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOrder {
  /** Names and addresses under which it is reached. */
  readonly hosts: readonly string[];
  /** A day from now, where nothing is said; a time that is over makes one that has ended. */
  readonly validUntil?: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** Signs certificates for servers of this machine; nobody else believes it. */
export class CertificateAuthority {
  private constructor(
    private readonly own: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  /** Its name is its own: of two of one name a client would look at one alone. */
  static async create(
    name = `Sluice ${randomBytes(6).toString('hex')}`,
  ): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const own = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      ...commonTo(new Date(Date.now() + 30 * DAY_MS)),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(own, keys);
  }

  /** PEM of its own certificate: who has it believes what this authority signs. */
  get certificate(): string {
    return this.own.toString('pem');
  }

  async issue({ hosts, validUntil }: CertificateOrder): Promise<Certificate> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${hosts[0] ?? 'nobody'}`,
      issuer: this.own.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      ...commonTo(validUntil ?? new Date(Date.now() + DAY_MS)),
      extensions: [
        new BasicConstraintsExtension(false),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          hosts.map((value) => ({
            type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
            value,
          })),
        ),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {
      certificate: certificate.toString('pem'),
      key: PemConverter.encode(key, 'PRIVATE KEY'),
    };
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** It began two days before it ends, or yesterday: clocks differ. */
function commonTo(notAfter: Date) {
  return {
    serialNumber: randomBytes(16).toString('hex'),
    notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS),
    notAfter,
    signingAlgorithm: ALGORITHM,
  };
}
