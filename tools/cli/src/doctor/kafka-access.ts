import { readFileSync } from 'node:fs';
import type { KafkaAdminAccess } from '@sluice/kafka/inspect';
import type { KafkaSettings } from '../settings/config.js';
import type { RunFile } from '../settings/run-file.js';

/**
 * Returns Kafka access from the environment, or from the run file of a local stack; null if neither
 * exists.
 */
export function kafkaAccess(settings: KafkaSettings, run: RunFile): KafkaAdminAccess | null {
  if (settings.brokers.length === 0) return run.kafka ?? null;
  const { brokers, username, password, mechanism, caFile } = settings;
  return {
    brokers,
    login: username === '' ? null : { mechanism, username, password: password.reveal() },
    ca: caFile === '' ? null : readFileSync(caFile, 'utf8'),
  };
}

/** Intended properties of this environment, not contained in the tables of the code. */
export interface KafkaNeeds {
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Expected logins beside the logins of services and readers. */
  readonly knownLogins: readonly string[];
  /** Login of this command; always expected. */
  readonly administrator: string | null;
  /** True if this command connects with TLS. */
  readonly isEncrypted: boolean;
}
