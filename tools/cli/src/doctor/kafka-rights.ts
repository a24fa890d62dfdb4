import type { KafkaRight, KafkaState } from '@sluice/kafka/inspect';
import { PUBLIC_TOPICS, SERVICES_AT_KAFKA, topicsReadBy, topicsProducedBy } from '@sluice/messages';
import { some, type Finding } from './findings.js';
import type { KafkaNeeds } from './kafka-needs.js';

const JOB = "Run the job of the topics (topics.sh, or the chart's): it gives what is missing.";
const TAKE = 'Take it away: kafka-acls.sh --remove with exactly these words.';

/**
 * Compares each login's rights with the table of topics: missing and surplus rights are reported.
 */
export function rightFindings(
  { rights }: KafkaState,
  { knownLogins, administrator }: KafkaNeeds,
): readonly Finding[] {
  if (rights === null) return [OPEN];
  const known = new Set([...knownLogins, ...(administrator === null ? [] : [administrator])]);
  const byLogin = Map.groupBy(rights, ({ principal }) => principal.replace(/^User:/, ''));
  return [
    ...SERVICES_AT_KAFKA.flatMap((service) => ofService(service, byLogin.get(service) ?? [])),
    ...[...byLogin].flatMap(([login, held]) =>
      SERVICES_AT_KAFKA.includes(login) || known.has(login) ? [] : ofOthers(login, held),
    ),
  ];
}

const OPEN: Finding = {
  code: 'kafka-open',
  wrong: 'This Kafka has no authorizer and checks no rights.',
  follows: 'Every client that reaches it may write the messages of any service.',
  remedy:
    'Set authorizer.class.name and allow.everyone.if.no.acl.found=false, then run the job of the topics.',
};

function ofService(service: string, held: readonly KafkaRight[]): readonly Finding[] {
  const wanted = rightsOf(service);
  const words = held.map(wordsOf);
  const missing = wanted.filter((right) => !words.includes(right));
  const surplus = words.filter((right) => !wanted.includes(right));
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            code: 'kafka-rights-missing',
            wrong: `The login ${service} lacks at Kafka: ${some(missing)}.`,
            follows: 'Its messages on this topic are stopped, and the service is unready.',
            remedy: JOB,
          },
        ]),
    ...(surplus.length === 0
      ? []
      : [
          {
            code: 'kafka-rights-surplus',
            wrong: `The login ${service} has forbidden rights at Kafka: ${some(surplus)}.`,
            follows: 'A thief of this service can write or read topics of other services.',
            remedy: TAKE,
          },
        ]),
  ];
}

/** Readers may read public topics, with consumer groups prefixed by their own name. */
function ofOthers(login: string, held: readonly KafkaRight[]): readonly Finding[] {
  const surplus = held.filter((right) => !isReaders(login, right)).map(wordsOf);
  if (surplus.length === 0) return [];
  return [
    {
      code: login === '*' ? 'kafka-rights-everybody' : 'kafka-rights-unknown',
      wrong: `${login === '*' ? 'Everybody' : `The login ${login}, which is no service,`} has at Kafka: ${some(surplus)}.`,
      follows: 'A reader may read only the public topics; services accept its writes as their own.',
      remedy: `${TAKE} A login that is meant to have it is named with --known-login.`,
    },
  ];
}

function isReaders(login: string, { permission, operation, resource, name }: KafkaRight): boolean {
  if (permission === 'Deny') return true; // a Deny only removes rights
  if (operation !== 'Read' && operation !== 'Describe') return false;
  return resource === 'topic'
    ? PUBLIC_TOPICS.includes(name)
    : resource === 'group' && name.startsWith(login);
}

/** Returns the intended rights, from the same table as the topics job. */
function rightsOf(service: string): readonly string[] {
  const right = (operation: string, resource: string, name: string): string =>
    `Allow ${operation} ${resource} ${name}`;
  return [
    ...topicsProducedBy(service).map((name) => right('Write', 'topic', name)),
    ...topicsReadBy(service).map((name) => right('Read', 'topic', name)),
    right('Read', 'group', service),
  ];
}

function wordsOf({ permission, operation, resource, name, pattern, host }: KafkaRight): string {
  const prefixed = pattern === 'prefixed' ? ' (and all that begin so)' : '';
  const from = host === '*' ? '' : ` from ${host}`;
  return `${permission} ${operation} ${resource} ${name}${prefixed}${from}`;
}
