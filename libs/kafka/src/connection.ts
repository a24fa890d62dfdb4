import { Kafka, logLevel, type LogEntry } from 'kafkajs';
import type { Logger } from './logger.js';
import { takeOverRecords } from './wire/take-over-records.js';

const LEVELS = { [logLevel.ERROR]: 'error', [logLevel.WARN]: 'warn', [logLevel.INFO]: 'debug', [logLevel.DEBUG]: 'debug' } as const;

/** A client that keeps trying for minutes: a broker that restarts is a pause, not an error. */
export function connectKafka(options: { brokers: readonly string[]; clientId: string; logger: Logger }): Kafka {
  takeOverRecords();
  return new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    retry: { retries: 100, initialRetryTime: 50, maxRetryTime: 1_000 },
    logCreator: () => (entry: LogEntry) => {
      const level = entry.level === logLevel.NOTHING ? 'debug' : LEVELS[entry.level];
      const { message, ...fields } = entry.log;
      options.logger[level]({ kafkajs: entry.namespace, error: fields['error'] as unknown }, message);
    },
  });
}
