import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Adds the certificate authority of this PEM file to the trusted authorities of this process. */
export function believeAuthority(caFile: string): void {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(caFile, 'utf8')]);
}

/**
 * Adds the error message for TLS faults, because a wrong setting is the likely cause and not the
 * network.
 */
export function becauseOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return /CERT|ERR_TLS|ERR_SSL|SIGNATURE/.test(code) ? `: ${message}` : '';
}
