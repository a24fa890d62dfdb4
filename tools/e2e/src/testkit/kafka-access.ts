import { layoutOf, loadSecrets, type ServiceName, type System } from '@sluice/stack';
import type { KafkaAccess } from '@sluice/test-servers';

/** As the one who may do everything. */
export function kafkaAdminOf({ run }: Pick<System, 'run'>): KafkaAccess {
  return { brokers: run.kafka_brokers, login: run.kafka_logins?.admin };
}

/** The variables by which a process of this service gets to Kafka. */
export function kafkaEnvironment(
  { run, home }: Pick<System, 'run' | 'home'>,
  service: ServiceName,
): Record<'KAFKA_BROKERS' | 'KAFKA_USERNAME' | 'KAFKA_PASSWORD', string> {
  return {
    KAFKA_BROKERS: run.kafka_brokers.join(','),
    KAFKA_USERNAME: service,
    KAFKA_PASSWORD: loadSecrets(layoutOf(home).secrets).kafka[service],
  };
}
