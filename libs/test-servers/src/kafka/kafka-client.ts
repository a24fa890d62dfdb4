import { patchKafkajsClock } from '@sluice/clock';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

/** As whom to speak to a Kafka, as kafkajs takes it for `sasl`. */
export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Where a Kafka is, and as whom to speak to it; without a login where it asks for none. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly login?: KafkaLogin | undefined;
  /** PEM of the authority of its certificates, where it speaks TLS. */
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
