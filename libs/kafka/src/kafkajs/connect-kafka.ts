import { readFileSync } from 'node:fs';
import { patchKafkajsClock } from '@sluice/clock';
import { Kafka, logLevel, type KafkaConfig, type LogEntry } from 'kafkajs';
import type { Logger } from '@sluice/background';
import type { RecordLog } from '../record-log.js';
import { adminOf } from './admin.js';
import { consumerOf } from './consumer.js';
import { producerOf } from './producer.js';
import { readTail } from './read-tail.js';
import { chooseRecordCodec, type RecordCodec } from './choose-record-codec.js';

/** An error of kafkajs is a warning here: it tries again by itself. Where a person has to act, our own log lines and `/readyz` say so. */
const LEVELS = {
  [logLevel.ERROR]: 'warn',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'debug',
} as const;

/**
 * kafkajs logs this for each idempotent producer with limited retries. Ours has them on purpose: it is replaced after a failed
 * send (RenewableProducer), and the relay tries again with the same ids, which receivers know. Nothing here rests on Kafka alone not
 * repeating a message.
 */
const LIMITED_RETRIES =
  'Limiting retries for the idempotent producer may invalidate EoS guarantees';

/** As whom a service speaks to Kafka, and whose certificates it believes. */
export interface KafkaSecurity {
  readonly login: { readonly username: string; readonly password: string } | null;
  /** PEM of the authority that has signed the brokers' certificates; null where the connection is not encrypted. */
  readonly caFile: string | null;
}

/** A client that keeps trying for minutes: a broker that restarts is a pause, not an error. One process has one codec. */
export function connectKafka(options: {
  brokers: readonly string[];
  clientId: string;
  logger: Logger;
  codec: RecordCodec;
  security?: KafkaSecurity;
}): RecordLog {
  chooseRecordCodec(options.codec);
  if (options.codec === 'kafkajs')
    options.logger.warn({}, 'records are coded by kafkajs: no checksum of a batch is compared');
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
  };
}

function securityOf(security?: KafkaSecurity): Pick<KafkaConfig, 'sasl' | 'ssl'> {
  const { login = null, caFile = null } = security ?? {};
  return {
    ...(login && { sasl: { mechanism: 'scram-sha-512', ...login } }),
    ...(caFile !== null && { ssl: believing(caFile) }),
  };
}

/** kafkajs copies the options for each connection: a file that was replaced counts from the next one on. */
function believing(caFile: string): NonNullable<KafkaConfig['ssl']> {
  return Object.defineProperty({ minVersion: 'TLSv1.2' }, 'ca', {
    enumerable: true,
    get: () => [readFileSync(caFile, 'utf8')],
  });
}
