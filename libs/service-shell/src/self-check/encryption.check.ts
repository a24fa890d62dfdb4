import { isLoopback } from '@sluice/runtime';
import type { Query } from '@sluice/postgres';
import type { ServiceConfig } from '../settings/config.js';
import { isKafkaEncrypted } from '../settings/kafka-settings.js';
import type { SelfCheckFinding, SelfCheck } from './self-checks.js';

type Connections = Pick<ServiceConfig, 'databaseUrl' | 'brokers' | 'kafkaCaFile' | 'kafkaTls'>;

/** Checks the encryption of the connections from this machine to PostgreSQL and Kafka. */
export function encryptionCheck(
  { databaseUrl, brokers, ...tls }: Connections,
  query: Query,
): SelfCheck {
  const { hostname, host } = new URL(databaseUrl.reveal());
  return {
    name: 'encryption',
    look: async () => {
      const [row] = await query<{ ssl: boolean }>(
        'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      );
      const faraway = brokers.filter((place) => !isLoopback(place.replace(/:\d+$/, '')));
      return {
        findings: [
          ...(row?.ssl === false && !isLoopback(hostname)
            ? [
                plain(
                  'database-plain',
                  `PostgreSQL at ${host}`,
                  'Set sslmode=verify-full in DATABASE_URL.',
                ),
              ]
            : []),
          ...(!isKafkaEncrypted(tls) && faraway.length > 0
            ? [plain('kafka-plain', `Kafka at ${faraway.join(', ')}`, 'Set KAFKA_TLS_CA_FILE.')]
            : []),
        ],
      };
    },
  };
}

function plain(code: string, to: string, remedy: string): SelfCheckFinding {
  return {
    code,
    wrong: `The connection to ${to} is not encrypted.`,
    follows: 'A reader of the network sees recipients, amounts, and the password or its proof.',
    remedy,
  };
}
