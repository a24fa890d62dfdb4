import {
  atLeast,
  brokers,
  choice,
  databaseUrl,
  isLoopback,
  misspeltVariables,
  port,
  positive,
  Secret,
  text,
  token,
  type ConfigOf,
  type Given,
  type Rule,
} from '@sluice/config';
import type { RecordCodec } from '@sluice/kafka';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What every service needs; spread into its own schema. */
export const SERVICE_SETTINGS = {
  nodeEnv: choice('NODE_ENV', ['production', 'development', 'test'], 'development'),
  host: text('HOST', '127.0.0.1'),
  port: port('PORT'),
  brokers: brokers('KAFKA_BROKERS'),
  kafkaSessionMs: positive('KAFKA_SESSION_MS', 6_000),
  recordCodec: choice<RecordCodec>('KAFKA_RECORD_CODEC', ['ours', 'kafkajs'], 'ours'),
  databaseUrl: databaseUrl('DATABASE_URL'),
  internalToken: token('INTERNAL_TOKEN'),
  /** Empty: outside of production `/metrics` needs none. */
  metricsToken: token('METRICS_TOKEN', new Secret('')),
  logLevel: choice('LOG_LEVEL', LEVELS, 'info'),
  retentionDays: atLeast(
    'RETENTION_DAYS',
    30,
    'a row must outlive its messages, the watch over its payment and any backup that may be restored',
    400,
  ),
} as const;

export type ServiceConfig = ConfigOf<typeof SERVICE_SETTINGS>;

/** What no service starts with; given to `readConfig` beside those of its own. */
export const SERVICE_RULES: readonly Rule<ServiceConfig>[] = [
  misspeltVariables,
  modeUnsaid,
  unchecked,
  openMetrics,
];

/** Whoever listens for other machines says what he is: a forgotten NODE_ENV would switch all of production's refusals off. */
function modeUnsaid({ config: { host }, env }: Given<ServiceConfig>): readonly string[] {
  return env['NODE_ENV'] || host === undefined || isLoopback(host)
    ? []
    : [`NODE_ENV is missing: with HOST=${host} it must say production or development`];
}

function unchecked({ env }: Given<ServiceConfig>): readonly string[] {
  return env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
    ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody answer for venue and database: remove it']
    : [];
}

/** They tell how much is paid, through whom, and what fails. */
function openMetrics({
  config: { nodeEnv, metricsToken },
}: Given<ServiceConfig>): readonly string[] {
  return nodeEnv === 'production' && metricsToken?.reveal() === ''
    ? ['METRICS_TOKEN is missing: production tells its metrics to nobody without one']
    : [];
}
