import { readFileSync } from 'node:fs';
import { layoutOf, loadSecrets, type ServiceName, type System } from '@sluice/stack';
import type { KafkaAccess } from '@sluice/test-servers';

/** Returns Kafka access with the admin login. */
export function kafkaAdminOf({ run }: Pick<System, 'run'>): KafkaAccess {
  const { kafka_brokers: brokers, kafka_logins: logins, ca_file: caFile } = run;
  return {
    brokers,
    login: logins?.admin,
    ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
  };
}

/** Returns the environment variables for Kafka access of a service process. */
export function kafkaEnvironment(
  { run, home }: Pick<System, 'run' | 'home'>,
  service: ServiceName,
): Record<'KAFKA_BROKERS' | 'KAFKA_USERNAME' | 'KAFKA_PASSWORD', string> & {
  KAFKA_TLS_CA_FILE?: string;
} {
  return {
    KAFKA_BROKERS: run.kafka_brokers.join(','),
    ...(run.ca_file !== undefined && { KAFKA_TLS_CA_FILE: run.ca_file }),
    KAFKA_USERNAME: service,
    KAFKA_PASSWORD: loadSecrets(layoutOf(home).secrets).kafka[service],
  };
}
