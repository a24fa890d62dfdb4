import { readFileSync } from 'node:fs';
import type { KafkaAdminAccess, KafkaTls } from '@sluice/kafka/inspect';
import { readAdminProperties } from '../kafka/admin-properties.js';
import type { Naming } from '../kafka/naming.js';
import type { KafkaSettings } from '../settings/config.js';
import type { RunFile } from '../settings/run-file.js';

/**
 * Returns Kafka access from the environment, or from the run file of a local stack; null if neither
 * exists.
 */
export function kafkaAccess(settings: KafkaSettings, run: RunFile): KafkaAdminAccess | null {
  if (settings.brokers.length === 0) return run.kafka ?? null;
  const { brokers, propertiesFile, username, password, mechanism } = settings;
  if (propertiesFile !== '')
    return { brokers, ...readAdminProperties(readFileSync(propertiesFile, 'utf8')) };
  return {
    brokers,
    login: username === '' ? null : { mechanism, username, password: password.reveal() },
    tls: tlsOf(settings),
  };
}

function tlsOf({ tls, caFile, certFile, keyFile }: KafkaSettings): KafkaTls | null {
  return tls || caFile !== ''
    ? { caFile: caFile || null, client: certFile === '' ? null : { certFile, keyFile } }
    : null;
}

/** Intended properties of this environment, not contained in the tables of the code. */
export interface KafkaNeeds {
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Expected logins beside the logins of services and readers. */
  readonly knownLogins: readonly string[];
  /** Login of this command; always expected. */
  readonly administrator: string | null;
  readonly naming: Naming;
  /** True if this command connects with TLS. */
  readonly isEncrypted: boolean;
}

/** Name of the administrator's login; null without a login. */
export function loginOf({ login }: KafkaAdminAccess): string | null {
  if (login === null) return null;
  return login.mechanism === 'oauthbearer' ? login.clientId : login.username;
}
