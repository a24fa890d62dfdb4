import { CALLER_SETTINGS } from '../callers/config.js';
import {
  addressElsewhere,
  atLeast,
  choice,
  databaseUrl,
  flag,
  fromFile,
  isLoopback,
  list,
  listenAddress,
  pemFile,
  misspeltVariables,
  port,
  positive,
  proxyPasswordInFile,
  Secret,
  token,
  text,
  type ConfigOf,
  type RuleInput,
  type ConfigRule,
} from '@sluice/runtime';
import { MessageKeys } from '@sluice/signing';
import type { CertificateFiles } from '../tls/server-certificate.js';
import { AuditKeys } from './audit-keys.js';
import { KAFKA_RULES, KAFKA_SETTINGS } from './kafka-settings.js';
import { TRACE_RULES, TRACE_SETTINGS } from '../traces/trace-settings.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Settings of every service; spread into the service's own schema. */
export const SERVICE_SETTINGS = {
  host: listenAddress('HOST', '127.0.0.1'),
  port: port('PORT'),
  /** Longer than the balancers in front keep idle connections: the balancer must end them first. */
  httpKeepAliveMs: positive('HTTP_KEEP_ALIVE_MS', 620_000),
  ...KAFKA_SETTINGS,
  kafkaSessionMs: positive('KAFKA_SESSION_MS', 6_000),
  messageKeys: fromFile('MESSAGE_KEYS', (content) => MessageKeys.parse(content)),
  /** Further accounts at venues; `VENUES` of libs/messages reads the same variable. */
  venueAccounts: list('VENUE_ACCOUNTS', []),
  databaseUrl: databaseUrl('DATABASE_URL'),
  tlsCertFile: pemFile('TLS_CERT_FILE'),
  tlsKeyFile: pemFile('TLS_KEY_FILE', { isSecret: true }),
  /** CA required for the certificates of the other services. */
  internalCaFile: pemFile('INTERNAL_CA_FILE'),
  /**
   * Allows plain HTTP in production, because a proxy on the same host (e.g. a mesh) encrypts
   * outgoing traffic.
   */
  tlsElsewhere: flag('TLS_ELSEWHERE', false),
  ...CALLER_SETTINGS,
  auditKeys: fromFile(
    'AUDIT_KEY',
    (content) => AuditKeys.parse(content),
    AuditKeys.ofDevelopment(),
  ),
  /** Empty: outside of production `/metrics` needs none. */
  metricsToken: token('METRICS_TOKEN', new Secret('')),
  logLevel: choice('LOG_LEVEL', LEVELS, 'info'),
  ...TRACE_SETTINGS,
  version: text('SLUICE_VERSION', 'development'),
  retentionDays: atLeast(
    'RETENTION_DAYS',
    30,
    'a row must outlive its messages, the watch over its payment and any backup that may be restored',
    400,
  ),
} as const;

export type ServiceConfig = ConfigOf<typeof SERVICE_SETTINGS>;

/**
 * Rules checked at the start; passed to `readConfig` with the service's own rules. A violation
 * prevents the start.
 */
export const SERVICE_RULES: readonly ConfigRule<ServiceConfig>[] = [
  misspeltVariables,
  ({ config: { host } }) => addressElsewhere('HOST', host),
  modeUnsaid,
  unchecked,
  openMetrics,
  ...KAFKA_RULES,
  halfACertificate,
  plainHttp,
  auditKeyOfEverybody,
  proxyPasswordInFile,
  ...TRACE_RULES,
];

/**
 * Requires NODE_ENV if the service listens for other machines: a forgotten NODE_ENV would disable
 * all production rules.
 */
function modeUnsaid({ config: { host }, env }: RuleInput<ServiceConfig>): readonly string[] {
  return env['NODE_ENV'] || host === undefined || isLoopback(host)
    ? []
    : [`NODE_ENV is missing: with HOST=${host} set it to production or development`];
}

function unchecked({ env }: RuleInput<ServiceConfig>): readonly string[] {
  return env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
    ? [
        'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the verification of certificates off for venues and databases: remove it',
      ]
    : [];
}

/** Requires a metrics token: metrics reveal payment volumes, venues and failures. */
function openMetrics({
  config: { nodeEnv, metricsToken },
}: RuleInput<ServiceConfig>): readonly string[] {
  return nodeEnv === 'production' && metricsToken?.reveal() === ''
    ? ['METRICS_TOKEN is missing: production serves metrics only to callers with this token']
    : [];
}

function halfACertificate({
  config: { tlsCertFile, tlsKeyFile },
}: RuleInput<ServiceConfig>): readonly string[] {
  return (tlsCertFile === null) === (tlsKeyFile === null)
    ? []
    : ['TLS_CERT_FILE and TLS_KEY_FILE belong together'];
}

/**
 * Requires TLS for HTTP: the connection carries operator tokens and the keys of customer requests.
 */
function plainHttp({
  config: { nodeEnv, host, tlsCertFile, tlsElsewhere },
}: RuleInput<ServiceConfig>): readonly string[] {
  const isHere = host === undefined || isLoopback(host);
  return nodeEnv === 'production' && tlsCertFile === null && !tlsElsewhere && !isHere
    ? [
        'TLS_CERT_FILE is missing: in production a service is reached over TLS alone (TLS_ELSEWHERE=true where a mesh on the same host sees to it)',
      ]
    : [];
}

function auditKeyOfEverybody({
  config: { nodeEnv, auditKeys },
}: RuleInput<ServiceConfig>): readonly string[] {
  return nodeEnv === 'production' && auditKeys?.areOfDevelopment
    ? ['AUDIT_KEY_FILE is missing: in production the audit log needs a key of its own']
    : [];
}

/** Returns the files of the service's certificate; null for plain HTTP. */
export function certificateFilesOf({
  tlsCertFile: certFile,
  tlsKeyFile: keyFile,
}: Pick<ServiceConfig, 'tlsCertFile' | 'tlsKeyFile'>): CertificateFiles | null {
  return certFile === null || keyFile === null ? null : { certFile, keyFile };
}
