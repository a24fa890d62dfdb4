import 'reflect-metadata'; // @peculiar/x509 resolves dependencies through reflect-metadata
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

interface CertificateOrder {
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

/** Paths of PEM files for a server with TLS. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Key and certificate in a single file. */
  readonly bundleFile: string;
  /** Certificate of the signing authority. */
  readonly caFile: string;
}

/** Writes a new server certificate into a separate folder. */
export async function writeServerTls(
  folder: string,
  authority: CertificateAuthority,
  order: CertificateOrder,
): Promise<ServerTls> {
  const { certificate, key } = await authority.issue(order);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  return {
    certFile: write('cert.pem', certificate),
    keyFile: write('key.pem', key),
    bundleFile: write('bundle.pem', `${key}\n${certificate}\n`),
    caFile: write('ca.pem', authority.certificate),
  };
}

/** Certificates rejected by every client, each with the fault and Node's error code. */
export const UNBELIEVABLE = [
  ['of a foreign authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['that has ended', 'CERT_HAS_EXPIRED'],
  ['for another host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const;

/** Returns a certificate for 127.0.0.1 to be rejected by clients trusting `authority`. */
export async function unbelievableCertificate(
  what: (typeof UNBELIEVABLE)[number][0],
  authority: CertificateAuthority,
): Promise<Certificate> {
  const hosts = ['localhost', '127.0.0.1'];
  switch (what) {
    case 'of a foreign authority':
      return (await CertificateAuthority.create('somebody else')).issue({ hosts });
    case 'that has ended':
      return authority.issue({ hosts, validUntil: new Date(Date.now() - 60_000) });
    case 'for another host':
      return authority.issue({ hosts: ['elsewhere.example', '127.9.9.9'] });
  }
}
