import { readFileSync } from 'node:fs';
import type { System } from '@sluice/stack';
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
