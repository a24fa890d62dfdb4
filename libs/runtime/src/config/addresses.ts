import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Secret } from './secret.js';
import { type Default, readUrl, secretFile, setting, type Setting } from './settings.js';

const FORM = 'must be an IP address of this machine, or 0.0.0.0 or :: for all of them';
const ALL = /^(0\.0\.0\.0|[0:]*:[0:]*)$/;

/** Address to listen at. A name is refused: some shells set `HOST` to the name of a platform. */
export function listenAddress(variable: string, ...fallback: Default<string>): Setting<string> {
  return setting(
    variable,
    (value) => {
      if (isIP(value) === 0 && value !== 'localhost')
        throw new Error(`${FORM}, and is ${JSON.stringify(value)}`);
      return value;
    },
    ...fallback,
  );
}

export function addressElsewhere(variable: string, address: string | undefined): readonly string[] {
  if (!address || ALL.test(address) || isLoopback(address)) return [];
  const [plain = ''] = address.split('%', 1);
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all);
  const isOwn = own.some((one) => isIP(plain) === isIP(one.address) && isSame(one.address, plain));
  return isOwn ? [] : [`${variable} ${FORM}, and ${address} is none of its addresses`];
}

/** IPv6 addresses have several spellings; a URL has one. */
function isSame(one: string, other: string): boolean {
  const canonical = (address: string) =>
    isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
  return canonical(one) === canonical(other);
}

const DATABASE_URL_FORM = 'must be postgres://LOGIN:PASSWORD@HOST:PORT/DATABASE';
const SHORTEST_PASSWORD = 12;

/** Database URL with password; in production from a file, with TLS and server verification. */
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
  if (!isPostgres || hostOf(url) === '' || url.pathname.length < 2)
    throw new Error(DATABASE_URL_FORM);
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

/**
 * Why a URL with a login is ambiguous, or null: an unescaped character may end the host early.
 * Never shows the URL.
 */
export function urlPasswordFault(value: string): string | null {
  const [, authority = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)(.*)$/is.exec(value) ?? [];
  const [userinfo = '', ...hosts] = authority.split('@');
  const isAmbiguous =
    hosts.length > 1 || /[@#]/.test(rest) || /%(?![0-9a-f]{2})/i.test(userinfo) || /\s/.test(value);
  return isAmbiguous
    ? 'has a character that a URL must not contain there: percent-encode the password (@ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25, a blank as %20)'
    : null;
}

/**
 * Base URL of a venue's API. `hosts` always require TLS, and are the only ones in production: no
 * setting redirects signed requests.
 */
export function venueUrl(
  variable: string,
  hosts: readonly string[],
  ...fallback: Default<string>
): Setting<string> {
  return {
    ...setting(variable, (value) => checkedVenueUrl(value, hosts), ...fallback),
    inProduction: (value) => {
      const { protocol, host } = new URL(value);
      if (protocol !== 'https:') return 'must begin with https:// in production';
      if (hosts.includes(host)) return undefined;
      return `must be at a host of the venue's own in production: ${hosts.join(', ')}`;
    },
  };
}

function checkedVenueUrl(value: string, hosts: readonly string[]): string {
  const read = readUrl(value);
  const { protocol, hostname, username, password, search, hash } = new URL(read);
  if (!/^https?:$/.test(protocol) || username + password + search + hash !== '')
    throw new Error('must be http(s)://HOST/PATH and nothing more');
  if (protocol === 'http:' && hosts.includes(hostname)) throw new Error('must begin with https://');
  return read;
}
