import { readFileSync } from 'node:fs';
import {
  atLeast,
  choice,
  ConfigError,
  list,
  Secret,
  secretFile,
  setting,
  text,
  whole,
  type ConfigOf,
} from '@sluice/config';
import type { KafkaSecurity, RecordCodec } from '@sluice/kafka';

/** What every service needs; spread into its own schema. */
export const SERVICE_SETTINGS = {
  host: text('HOST', '127.0.0.1'),
  port: whole('PORT'),
  brokers: list('KAFKA_BROKERS'),
  kafkaUsername: setting<string | null>('KAFKA_USERNAME', (value) => value, null),
  kafkaPassword: secretFile('KAFKA_PASSWORD', { fileInProduction: true }, new Secret('')),
  kafkaTlsCa: setting<string | null>('KAFKA_TLS_CA_FILE', readCertificate, null),
  kafkaSessionMs: whole('KAFKA_SESSION_MS', 6_000),
  recordCodec: choice<RecordCodec>('KAFKA_RECORD_CODEC', ['ours', 'kafkajs'], 'ours'),
  databaseUrl: secretFile('DATABASE_URL', { fileInProduction: true }),
  internalToken: secretFile('INTERNAL_TOKEN', { fileInProduction: true }),
  logLevel: text('LOG_LEVEL', 'info'),
  retentionDays: atLeast(
    'RETENTION_DAYS',
    30,
    'a row must outlive its messages, the watch over its payment and any backup that may be restored',
    400,
  ),
} as const;

export type ServiceConfig = ConfigOf<typeof SERVICE_SETTINGS>;

/** Throws a ConfigError where one half of the login is missing. */
export function kafkaSecurityOf({
  kafkaUsername: username,
  kafkaPassword,
  kafkaTlsCa: tlsCa,
}: Pick<ServiceConfig, 'kafkaUsername' | 'kafkaPassword' | 'kafkaTlsCa'>): KafkaSecurity {
  const password = kafkaPassword.reveal();
  if ((username === null) !== (password === ''))
    throw new ConfigError('configuration: KAFKA_USERNAME and KAFKA_PASSWORD belong together');
  return { login: username === null ? null : { username, password }, tlsCa };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'no file'}`, {
      cause: error,
    });
  }
}
