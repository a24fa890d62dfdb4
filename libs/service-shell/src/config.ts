import { readFileSync } from 'node:fs';
import { CALLER_SETTINGS } from '@sluice/callers';
import {
  atLeast,
  choice,
  ConfigError,
  fromFile,
  list,
  secretFile,
  setting,
  text,
  whole,
  type ConfigOf,
} from '@sluice/config';
import { MessageKeys } from '@sluice/message-auth';
import type { RecordCodec } from '@sluice/kafka';
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
