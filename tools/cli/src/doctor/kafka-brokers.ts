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
      follows: 'The loss of a broker loses the records without a copy, or stops all writes.',
      remedy: 'Add brokers; if fewer are intended, give --replication-factor.',
    },
    !isEncrypted &&
      faraway.length > 0 && {
        code: 'kafka-plain',
        wrong: `This command speaks to Kafka at ${faraway.map(({ place }) => place).join(', ')} without TLS.`,
        follows:
          'A reader of the network sees recipients, amounts, and the password of the administrator.',
        remedy: 'Give the brokers certificates, and set SLUICE_KAFKA_CA_FILE.',
      },
    making !== '' && {
      code: 'topics-made-by-use',
      wrong: `Topics are created by being used (auto.create.topics.enable) at ${making}.`,
      follows: 'A misspelt topic is created with one partition and without copies, unnoticed.',
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
