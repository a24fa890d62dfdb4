import { readFileSync } from 'node:fs';
import type { KafkaAdminAccess } from '@sluice/kafka/inspect';
import type { KafkaSettings } from '../config.js';
import type { RunFile } from '../run-file.js';

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
