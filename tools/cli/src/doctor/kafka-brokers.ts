import { isLoopback } from '@sluice/config';
import type { KafkaState } from '@sluice/kafka/inspect';
import type { Finding } from './findings.js';
import type { KafkaNeeds } from './kafka-needs.js';

/** Checks the number of brokers, and settings with automatic topic creation or loss of records. */
export function brokerFindings(
  { brokers }: KafkaState,
  { replicationFactor, isEncrypted }: KafkaNeeds,
): readonly Finding[] {
  const faraway = brokers.filter(({ place }) => !isLoopback(place.replace(/:\d+$/, '')));
  const having = (setting: string, value: string): string =>
    brokers
      .filter(({ settings }) => settings.get(setting) === value)
      .map(({ place }) => place)
      .join(', ');
  const making = having('auto.create.topics.enable', 'true');
  const unclean = having('unclean.leader.election.enable', 'true');
  return [
    brokers.length < replicationFactor && {
      code: 'brokers-few',
      wrong: `There are ${brokers.length} brokers, and each record is to be kept by ${replicationFactor}.`,
      follows: 'When one is lost, what it alone had is lost, or nothing more is taken.',
      remedy: 'Add brokers; where fewer are meant, say --replication-factor.',
    },
    !isEncrypted &&
      faraway.length > 0 && {
        code: 'kafka-plain',
        wrong: `This command speaks to Kafka at ${faraway.map(({ place }) => place).join(', ')} without TLS.`,
        follows:
          'Whoever is on the network reads who is paid and how much, and the password of the administrator.',
        remedy: 'Give the brokers certificates, and say SLUICE_KAFKA_CA_FILE.',
      },
    making !== '' && {
      code: 'topics-made-by-use',
      wrong: `Topics are created by being used (auto.create.topics.enable) at ${making}.`,
      follows: 'A misspelt topic appears with one partition and no copies, and nobody notices.',
      remedy: 'Set auto.create.topics.enable=false.',
    },
    unclean !== '' && {
      code: 'unclean-election',
      wrong: `A broker without the newest records may become leader (unclean.leader.election.enable) at ${unclean}.`,
      follows: 'Records that were acknowledged are lost; what heals them takes minutes.',
      remedy: 'Set unclean.leader.election.enable=false.',
    },
  ].filter((finding) => finding !== false);
}
