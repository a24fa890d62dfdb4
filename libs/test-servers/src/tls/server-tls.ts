import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateAuthority, CertificateOrder } from './certificate-authority.js';

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
