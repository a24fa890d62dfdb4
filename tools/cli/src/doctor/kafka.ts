import { isLoopback } from '@sluice/runtime';
import {
  inspectKafka,
  type KafkaAdminAccess,
  type KafkaState,
  type TopicState,
} from '@sluice/kafka/inspect';
import { ALL_TOPICS, SERVICES_AT_KAFKA } from '@sluice/messages';
import type { ReadClock } from './compare.js';
import { examined, finding, some, type Examined, type Finding } from './findings.js';
import { loginOf, type KafkaNeeds, rightFindings } from './kafka-access.js';
import { logicalState } from '../kafka/naming.js';

export interface KafkaExamined {
  readonly examined: Examined;
  readonly clocks: readonly ReadClock[];
}

const LOOKS = ['brokers', 'topics', 'topic settings', 'rights', 'logins'];
const TOPICS = ALL_TOPICS.map(({ name }) => name);

/** Compares Kafka, as seen by the administrator, with the tables of the code. */
export async function examineKafka(
  access: KafkaAdminAccess,
  needs: KafkaNeeds,
): Promise<KafkaExamined> {
  try {
    const state = logicalState(await inspectKafka(access), needs.naming);
    const ours = state.topics.filter(({ name }) => TOPICS.includes(name));
    const findings = [
      ...brokerFindings(state, needs),
      ...topicFindings(ours, needs),
      ...settingFindings(ours, needs),
      ...rightFindings(state, needs),
      ...loginFindings(state, needs),
    ];
    const clocks = state.clock === null ? [] : [{ of: "Kafka's controller", ...state.clock }];
    return { examined: examined('kafka', { checked: LOOKS, findings }), clocks };
  } catch (error) {
    const because = (error as Error).message;
    const login = loginOf(access) === null ? '' : ` as ${loginOf(access)}`;
    const findings = [finding('kafka-away', access.brokers.join(', '), login, because)];
    const unchecked = [{ what: LOOKS.join(', '), because }];
    return { examined: examined('kafka', { unchecked, findings }), clocks: [] };
  }
}

/** Checks the number of brokers, and settings with automatic topic creation or loss of records. */
function brokerFindings(
  { brokers }: KafkaState,
  { replicationFactor, isEncrypted }: KafkaNeeds,
): readonly Finding[] {
  const places = (having: (broker: KafkaState['brokers'][number]) => boolean): string =>
    brokers
      .filter(having)
      .map(({ place }) => place)
      .join(', ');
  const having = (setting: string) => places(({ settings }) => settings.get(setting) === 'true');
  const plain = places(({ place }) => !isEncrypted && !isLoopback(place.replace(/:\d+$/, '')));
  const making = having('auto.create.topics.enable');
  const unclean = having('unclean.leader.election.enable');
  return [
    brokers.length < replicationFactor && finding('brokers-few', brokers.length, replicationFactor),
    plain !== '' && finding('kafka-plain', plain),
    making !== '' && finding('topics-made-by-use', making),
    unclean !== '' && finding('unclean-election', unclean),
  ].filter((one) => one !== false);
}

/** Checks that every topic of the table exists, with leaders and enough copies. */
function topicFindings(
  ours: readonly TopicState[],
  { partitions: least, replicationFactor: copies }: KafkaNeeds,
): readonly Finding[] {
  type Partition = TopicState['partitions'][number];
  const having = (is: (one: Partition) => boolean) =>
    ours.filter(({ partitions }) => partitions.some(is));
  const missing = TOPICS.filter((topic) => !ours.some(({ name }) => name === topic));
  const wrong = [
    ['topic-missing', missing.map((name) => ({ name })), 0],
    ['topic-partitions-few', ours.filter(({ partitions }) => partitions.length < least), least],
    ['topic-copies-few', having(({ replicas }) => replicas.length < copies), copies],
    ['topic-without-leader', having(({ leader }) => leader === null), 0],
    ['topic-copies-late', having(({ replicas, inSync }) => inSync.length < replicas.length), 0],
  ] as const;
  return wrong
    .filter(([, topics]) => topics.length > 0)
    .map(([code, topics, most]) => finding(code, some(topics.map(({ name }) => name)), most));
}

const DAY_MS = 86_400_000n;
/** Retention of inbox entries. */
const REMEMBERED_MS = 14n * DAY_MS;

const RULES = [
  ['topic-compacted', 'cleanup.policy', (value: string) => value !== 'delete'],
  [
    'topic-kept-too-long',
    'retention.ms',
    (value: string) => BigInt(value) < 0n || BigInt(value) > REMEMBERED_MS,
  ],
  [
    'topic-kept-too-short',
    'retention.ms',
    (value: string) => BigInt(value) >= 0n && BigInt(value) < DAY_MS,
  ],
  ['topic-bounded-by-size', 'retention.bytes', (value: string) => BigInt(value) >= 0n],
  ['topic-insync-few', 'min.insync.replicas', (value: string) => Number(value) < 2],
] as const;

/** Checks the retention and durability settings required by the services. */
function settingFindings(
  ours: readonly TopicState[],
  { replicationFactor }: KafkaNeeds,
): readonly Finding[] {
  return RULES.flatMap(([code, setting, isWrong]) => {
    if (code === 'topic-insync-few' && replicationFactor < 3) return [];
    const wrong = ours.flatMap(({ name, settings }) => {
      const value = settings.get(setting) ?? null;
      return value !== null && isWrong(value) ? [`${name} (${value})`] : [];
    });
    return wrong.length === 0 ? [] : [finding(code, wrong.join(', '))];
  });
}

/** Reports unknown logins: no service, no listed rights, and not named as known. */
function loginFindings(
  { logins, rights }: KafkaState,
  { knownLogins, administrator }: KafkaNeeds,
): readonly Finding[] {
  if (rights === null) return [];
  // logins with rights are judged by their rights
  const judged = rights.map(({ principal }) => principal.replace(/^User:/, ''));
  const meant = [...SERVICES_AT_KAFKA, ...knownLogins, administrator, ...judged];
  const unknown = logins.filter((login) => !meant.includes(login));
  return unknown.length === 0 ? [] : [finding('kafka-logins-unknown', some(unknown))];
}
