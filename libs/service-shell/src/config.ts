import { readFileSync } from 'node:fs';
import { CALLER_SETTINGS } from '@sluice/callers';
import {
  atLeast,
  choice,
  ConfigError,
  fromFile,
  list,
  Secret,
  secretFile,
  setting,
  text,
  whole,
  type ConfigOf,
} from '@sluice/config';
import { MessageKeys } from '@sluice/message-auth';
import type { KafkaSecurity, RecordCodec } from '@sluice/kafka';
import { AuditKeys } from './audit/audit-keys.js';

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`names a file that cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}

/** What every service needs; spread into its own schema. */
export const SERVICE_SETTINGS = {
  host: text('HOST', '127.0.0.1'),
  port: whole('PORT'),
  brokers: list('KAFKA_BROKERS'),
  kafkaUsername: setting<string | null>('KAFKA_USERNAME', (value) => value, null),
  kafkaPassword: secretFile('KAFKA_PASSWORD', { fileInProduction: true }, new Secret('')),
  kafkaTlsCa: setting<string | null>('KAFKA_TLS_CA_FILE', textOf, null),
  kafkaSessionMs: whole('KAFKA_SESSION_MS', 6_000),
  recordCodec: choice<RecordCodec>('KAFKA_RECORD_CODEC', ['ours', 'kafkajs'], 'ours'),
  messageKeys: fromFile('MESSAGE_KEYS', (text) => MessageKeys.parse(text)),
  databaseUrl: secretFile('DATABASE_URL', { fileInProduction: true }),
  ...CALLER_SETTINGS,
  auditKeys: setting(
    'AUDIT_KEY_FILE',
    (file) => AuditKeys.parse(textOf(file)),
    AuditKeys.ofDevelopment(),
  ),
  logLevel: text('LOG_LEVEL', 'info'),
  retentionDays: atLeast(
    'RETENTION_DAYS',
    30,
    'a row must outlive its messages, the watch over its payment and any backup that may be restored',
    400,
  ),
} as const;

export type ServiceConfig = ConfigOf<typeof SERVICE_SETTINGS>;

/** Throws in production for an audit log under the key that everybody knows. */
export function requireOwnAuditKeys({
  nodeEnv,
  auditKeys,
}: Pick<ServiceConfig, 'nodeEnv' | 'auditKeys'>): void {
  if (nodeEnv === 'production' && auditKeys.areOfDevelopment)
    throw new ConfigError(
      'configuration: AUDIT_KEY_FILE is missing: in production the audit log needs a key of its own',
    );
}

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
