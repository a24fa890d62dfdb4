import type { KafkaState, TopicState } from '@sluice/kafka/inspect';
import { some, type Finding } from './findings.js';
import type { KafkaNeeds } from './kafka-needs.js';

const JOB = "Run the job of the topics (topics.sh, or the chart's): it makes what is missing.";

/**
 * Checks the existence of every topic in the table, with leaders for all partitions and enough
 * replicas.
 */
export function topicFindings(
  { topics }: KafkaState,
  names: readonly string[],
  { partitions, replicationFactor }: KafkaNeeds,
): readonly Finding[] {
  const ours = topics.filter(({ name }) => names.includes(name));
  const missing = names.filter((name) => !ours.some((topic) => topic.name === name));
  const few = namesWhere(ours, (topic) => topic.partitions.length < partitions);
  const copies = namesWhere(ours, (topic) =>
    topic.partitions.some(({ replicas }) => replicas.length < replicationFactor),
  );
  const leaderless = namesWhere(ours, (topic) =>
    topic.partitions.some(({ leader }) => leader === null),
  );
  const late = namesWhere(ours, (topic) =>
    topic.partitions.some(({ replicas, inSync }) => inSync.length < replicas.length),
  );
  return [
    missing.length > 0 && {
      code: 'topic-missing',
      wrong: `There is no topic ${some(missing)}.`,
      follows: 'Messages for it wait at their sender, which is unready.',
      remedy: JOB,
    },
    few.length > 0 && {
      code: 'topic-partitions-few',
      wrong: `Fewer than ${partitions} partitions: ${some(few)}.`,
      follows: 'No more instances of a service can work at once than a topic has partitions.',
      remedy:
        'Add partitions while no withdrawal is in progress, because keys move; if fewer are intended, give --partitions.',
    },
    copies.length > 0 && {
      code: 'topic-copies-few',
      wrong: `Fewer than ${replicationFactor} copies: ${some(copies)}.`,
      follows: 'What only a lost broker had is lost; what heals it takes minutes.',
      remedy:
        'Raise the replication factor (kafka-reassign-partitions.sh); if fewer are intended, give --replication-factor.',
    },
    leaderless.length > 0 && {
      code: 'topic-without-leader',
      wrong: `A partition of ${some(leaderless)} has no leader.`,
      follows: 'It accepts and serves no record: messages with its keys wait.',
      remedy: 'Bring the brokers back that have its copies.',
    },
    late.length > 0 && {
      code: 'topic-copies-late',
      wrong: `Copies are missing or behind for ${some(late)}.`,
      follows: 'One broker more that is lost stops the topic or loses records.',
      remedy: 'Look for the broker that is away, full or slow.',
    },
  ].filter((finding) => finding !== false);
}

function namesWhere(
  topics: readonly TopicState[],
  is: (topic: TopicState) => boolean,
): readonly string[] {
  return topics.filter(is).map(({ name }) => name);
}
