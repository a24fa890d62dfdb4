import 'reflect-metadata'; // @peculiar/x509 resolves dependencies through reflect-metadata
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
  /** Host names and addresses of the server. */
  readonly hosts: readonly string[];
  /** End of validity (default: a day from now). A past time creates an expired certificate. */
  readonly validUntil?: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** Signs certificates for servers of this machine; no other machine trusts the authority. */
export class CertificateAuthority {
  private constructor(
    private readonly own: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  /**
   * Creates an authority. The name must be unique, because a client would check only a single
   * authority of each name.
   */
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

  /**
   * PEM of the authority's own certificate; clients with this certificate trust all signed
   * certificates.
   */
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
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
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

/**
 * Fields of every certificate. Validity starts yesterday, or a day before the end of an expired
 * certificate, because clocks differ.
 */
function commonTo(notAfter: Date) {
  return {
    serialNumber: randomBytes(16).toString('hex'),
    notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS),
    notAfter,
    signingAlgorithm: ALGORITHM,
  };
}
