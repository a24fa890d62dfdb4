import type { Secret } from './secret.js';
import { secretFile, type Default, type Setting } from './settings.js';
import { urlPasswordFault } from './url-password.js';

const FORM = 'must be postgres://LOGIN:PASSWORD@HOST:PORT/DATABASE';
const SHORTEST_PASSWORD = 12;

/**
 * URL of a database, including the password. In production the URL must come from a file and
 * require TLS with server verification.
 */
export function databaseUrl(variable: string, ...fallback: Default<Secret>): Setting<Secret> {
  return secretFile(
    variable,
    { fileInProduction: true, parse: checked, inProduction: productionFault },
    ...fallback,
  );
}

function checked(value: string): string {
  const fault = urlPasswordFault(value);
  if (fault !== null) throw new Error(fault);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPostgres = url !== undefined && /^postgres(ql)?:$/.test(url.protocol);
  if (!isPostgres || hostOf(url) === '' || url.pathname.length < 2) throw new Error(FORM);
  return value;
}

function productionFault(value: string): string | undefined {
  const url = new URL(value);
  const { username, password, searchParams } = url;
  if (password !== '' && (password === username || password.length < SHORTEST_PASSWORD))
    return `needs in production a password of at least ${SHORTEST_PASSWORD} characters that is not the login`;
  const modes = searchParams.getAll('sslmode');
  if (isLoopback(hostOf(url)) || (modes.length === 1 && modes[0] === 'verify-full'))
    return undefined;
  return 'needs in production TLS that checks the certificate and the name: add ?sslmode=verify-full';
}

/** The driver lets a parameter win over the authority. */
function hostOf({ hostname, searchParams }: URL): string {
  return searchParams.getAll('host').at(-1) ?? hostname;
}

/** This machine and no other. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}
