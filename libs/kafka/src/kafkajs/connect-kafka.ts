import { readFileSync } from 'node:fs';
import { type Logger, patchKafkajsClock } from '@sluice/runtime';
import { Kafka, logLevel, type KafkaConfig, type LogEntry } from 'kafkajs';
import type { RecordLog } from '../port/record-log.js';
import { adminOf } from './admin.js';
import { consumerOf } from './consumer.js';
import { producerOf } from './producer.js';
import { readTail, readToEnd } from './read-tail.js';
import { chooseRecordCodec, type RecordCodec } from './choose-record-codec.js';

/**
 * Log levels of kafkajs messages. An error of kafkajs becomes a warning, because kafkajs retries
 * automatically. Problems for a person appear in the service's own log lines and in `/readyz`.
 */
const LEVELS = {
  [logLevel.ERROR]: 'warn',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'debug',
} as const;

/**
 * Warning logged by kafkajs for each idempotent producer with limited retries. The limit is
 * intentional: the producer is replaced after a failed send (RenewableProducer), and the relay
 * retries with the same ids, known to receivers. No part of the system relies on Kafka alone to
 * prevent duplicates.
 */
const LIMITED_RETRIES =
  'Limiting retries for the idempotent producer may invalidate EoS guarantees';

/** Kafka login of the service and the trusted certificate authority. */
export interface KafkaSecurity {
  readonly login: { readonly username: string; readonly password: string } | null;
  /** Path of the PEM file of the CA for broker certificates; null for an unencrypted connection. */
  readonly caFile: string | null;
}

/**
 * Creates a Kafka client. The client retries for minutes: a broker restart is a pause, not an
 * error. A process can use only a single codec.
 */
export function connectKafka(options: {
  brokers: readonly string[];
  clientId: string;
  logger: Logger;
  codec: RecordCodec;
  security?: KafkaSecurity;
}): RecordLog {
  chooseRecordCodec(options.codec);
  if (options.codec === 'kafkajs')
    options.logger.warn({}, 'kafkajs decodes the records: checksums of batches are not verified');
  patchKafkajsClock();
  const kafka = new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    ...securityOf(options.security),
    retry: { retries: 100, initialRetryTime: 50, maxRetryTime: 1_000 },
    logCreator: () => (entry: LogEntry) => {
      const { message, ...fields } = entry.log;
      const level =
        entry.level === logLevel.NOTHING || message === LIMITED_RETRIES
          ? 'debug'
          : LEVELS[entry.level];
      options.logger[level](
        { kafkajs: entry.namespace, error: fields['error'] as unknown },
        message,
      );
    },
  });
  return {
    batchesKnownBy: options.codec === 'ours' ? 'checksum' : 'header',
    consumer: (of) => consumerOf(kafka, of, options.codec),
    producer: () => producerOf(kafka),
    admin: ({ retries }) => adminOf(kafka.admin({ retry: { retries } })),
    tail: (topic, most) => readTail(kafka, { topic, most, codec: options.codec }),
    readToEnd: (topic, onRecords) => readToEnd(kafka, { topic, codec: options.codec, onRecords }),
  };
}

function securityOf(security?: KafkaSecurity): Pick<KafkaConfig, 'sasl' | 'ssl'> {
  const { login = null, caFile = null } = security ?? {};
  return {
    ...(login && { sasl: { mechanism: 'scram-sha-512', ...login } }),
    ...(caFile !== null && { ssl: believing(caFile) }),
  };
}

/**
 * TLS options with a CA file read on access. kafkajs copies the options for each connection: a
 * replaced file applies from the next connection on.
 */
function believing(caFile: string): NonNullable<KafkaConfig['ssl']> {
  return Object.defineProperty({ minVersion: 'TLSv1.2' }, 'ca', {
    enumerable: true,
    get: () => [readFileSync(caFile, 'utf8')],
  });
}
