import {
  brokersOrNone,
  isLoopback,
  json,
  keyList,
  list,
  listenAddress,
  port,
  positive,
  secretFile,
  setting,
  word,
  type ConfigOf,
} from '@sluice/runtime';
import { SERVICE_SETTINGS, TRUSTED_PROXIES } from '@sluice/service-shell';

/** Settings of the console. `../config.ts` reads them, and has the rules that hold between them. */
export const CONSOLE_SETTINGS = {
  ...SERVICE_SETTINGS,
  /** The console uses no Kafka: a configured broker list was meant for another service. */
  brokers: brokersOrNone('KAFKA_BROKERS'),
  internalPort: port('INTERNAL_PORT'),
  /** Listen address of the admin API. Empty: same as HOST. */
  internalHost: listenAddress('INTERNAL_HOST', ''),
  /** Origin of the console as browsers see it. */
  consoleUrl: setting('CONSOLE_URL', origin),
  trustedProxies: TRUSTED_PROXIES,
  /** Admin APIs of the services by name, as a JSON object of origins. */
  services: json('SERVICES', readServices),
  /** Page of a trace in the operators' collector, with `{trace_id}`. Empty: the page shows no link. */
  traceUrl: setting('TRACE_URL', traceTemplate, ''),
  /** The console's client at the issuer. */
  oidcClientId: word('OIDC_CLIENT_ID'),
  oidcClientSecret: secretFile('OIDC_CLIENT_SECRET', { fileInProduction: true }),
  /** Scopes of the login. Many issuers give a refresh token only with `offline_access`. */
  oidcScopes: list('OIDC_SCOPES', ['openid']),
  /** Keys that seal the people's tokens: the first seals, all open. */
  secretsKeks: keyList('SESSIONS_KEK'),
  /** A session ends after this time without an action of the person. */
  sessionIdleMs: positive('SESSION_IDLE_MS', 900_000),
  /** A session ends after this time, however much it is used. */
  sessionLifeMs: positive('SESSION_LIFE_MS', 28_800_000),
} as const;

export type ConsoleConfig = ConfigOf<typeof CONSOLE_SETTINGS>;

/** Returns an origin in its canonical spelling. Throws for anything more than an origin. */
function origin(value: string): string {
  const fault = 'must be http(s)://HOST[:PORT] and nothing more';
  if (!URL.canParse(value)) throw new Error(fault);
  const { protocol, origin: plain, href } = new URL(value);
  if (!/^https?:$/.test(protocol) || href !== `${plain}/`) throw new Error(fault);
  return plain;
}

const TRACE_ID = '{trace_id}';

/**
 * Returns the template unchanged. Throws unless the id stands once, behind the host, and the page is
 * safe to open.
 */
function traceTemplate(value: string): string {
  if (value === '') return value;
  const [before = '', after, ...more] = value.split(TRACE_ID);
  const filled = `${before}${'0'.repeat(32)}${after ?? ''}`;
  const isPlace =
    after !== undefined && more.length === 0 && /^https?:\/\/[^/?#\s]+[/?#]\S*$/.test(before);
  if (!isPlace || !URL.canParse(filled))
    throw new Error(`must be an address with ${TRACE_ID} once, after its host`);
  const { protocol, hostname, username, password } = new URL(filled);
  if (username !== '' || password !== '') throw new Error('must have no user name and no password');
  if (protocol !== 'https:' && !isLoopback(hostname))
    throw new Error('must begin with https://, or http:// for this machine');
  return value;
}

const SERVICE_NAME = /^[a-z][a-z0-9-]{0,63}$/;

function readServices(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of origins by service name');
  const entries = Object.entries(value).map(([name, url]): [string, string] => {
    if (!SERVICE_NAME.test(name)) throw new Error('has a name that is no service name');
    try {
      return [name, origin(String(url))];
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  });
  if (entries.length === 0) throw new Error('must name at least one service');
  return Object.fromEntries(entries);
}
