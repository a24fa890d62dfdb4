import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateAuthority, CertificateOrder } from './certificate-authority.js';

/** Paths of PEM files, for a server that proves who it is. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Key and certificate in one. */
  readonly bundleFile: string;
  /** Of the authority that signed it. */
  readonly caFile: string;
}

/** Writes a new certificate for a server into a folder of its own. */
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
