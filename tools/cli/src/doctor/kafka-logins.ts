import type { KafkaState } from '@sluice/kafka/inspect';
import { SERVICES_AT_KAFKA } from '@sluice/messages';
import { some, type Finding } from './findings.js';
import type { KafkaNeeds } from './kafka-needs.js';

/** Reports unknown logins: no service, no listed rights, and not named as known. */
export function loginFindings(
  { logins, rights }: KafkaState,
  { knownLogins, administrator }: KafkaNeeds,
): readonly Finding[] {
  if (rights === null) return [];
  const meant = new Set([
    ...SERVICES_AT_KAFKA,
    ...knownLogins,
    ...(administrator === null ? [] : [administrator]),
    // logins with rights are judged by their rights
    ...rights.map(({ principal }) => principal.replace(/^User:/, '')),
  ]);
  const nobodys = logins.filter((login) => !meant.has(login));
  if (nobodys.length === 0) return [];
  return [
    {
      code: 'kafka-logins-unknown',
      wrong: `Kafka knows logins that are no service and have no rights: ${some(nobodys)}.`,
      follows:
        'They are left over, or superusers, who may do everything without a right that is listed.',
      remedy:
        'Delete them (kafka-configs.sh --delete-config SCRAM-SHA-512); those that are meant are named with --known-login.',
    },
  ];
}
