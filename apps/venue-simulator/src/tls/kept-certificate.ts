import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { selfSigned, type SimulatorCertificate } from './certificate.js';

const LEAST_LEFT_MS = 86_400_000;

/** Certificate and key of a simulator with TLS. */
interface KeptCertificate extends SimulatorCertificate {
  /** The file of the certificate, for clients. */
  readonly file: string;
}

/**
 * Returns the certificate of a folder. Creates a new certificate if the file is missing, expires
 * within a day, or does not cover all hosts.
 */
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
