import { readUrl, setting, type Default, type Setting } from './settings.js';

/**
 * Base URL of a venue's API. The venue's own hosts (`hosts`) always require TLS. In production only
 * these hosts are allowed: a setting cannot redirect signed requests, and with them the money, to
 * another machine.
 */
export function venueUrl(
  variable: string,
  hosts: readonly string[],
  ...fallback: Default<string>
): Setting<string> {
  return {
    ...setting(variable, (value) => checked(value, hosts), ...fallback),
    inProduction: (value) => {
      const { protocol, host } = new URL(value);
      if (protocol !== 'https:') return 'must begin with https:// in production';
      if (hosts.includes(host)) return undefined;
      return `must be at a host of the venue's own in production: ${hosts.join(', ')}`;
    },
  };
}

function checked(value: string, hosts: readonly string[]): string {
  const read = readUrl(value);
  const { protocol, hostname, username, password, search, hash } = new URL(read);
  if (!/^https?:$/.test(protocol) || username + password + search + hash !== '')
    throw new Error('must be http(s)://HOST/PATH and nothing more');
  if (protocol === 'http:' && hosts.includes(hostname)) throw new Error('must begin with https://');
  return read;
}
