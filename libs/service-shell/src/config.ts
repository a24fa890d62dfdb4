import { atLeast, choice, list, secretFile, text, whole, type ConfigOf } from '@sluice/config';
import type { RecordCodec } from '@sluice/kafka';

/** What every service needs; spread into its own schema. */
export const SERVICE_SETTINGS = {
  host: text('HOST', '127.0.0.1'),
  port: whole('PORT'),
  brokers: list('KAFKA_BROKERS'),
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
