import { patchKafkajsClock } from '@sluice/runtime';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

/** Login for a Kafka, in the format of kafkajs `sasl`. */
export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Address of a Kafka, with the login; without a login if Kafka requires none. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly login?: KafkaLogin | undefined;
  /** PEM of the CA certificate; undefined without TLS. */
  readonly ca?: string | undefined;
}

/** A quiet client: while a broker comes up, failed attempts are expected and repeated by the caller. */
export function kafkaClient({ brokers, login, ca }: KafkaAccess, clientId = 'sluice-stack'): Kafka {
  patchKafkajsClock();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ...(login && { sasl: saslOf(login) }),
    ...(ca !== undefined && { ssl: { ca: [ca] } }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 5 },
  });
}

function saslOf({ mechanism, ...rest }: KafkaLogin): SASLOptions {
  return mechanism === 'plain' ? { mechanism, ...rest } : { mechanism, ...rest };
}
