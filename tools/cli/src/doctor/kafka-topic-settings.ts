import type { KafkaState, Settings } from '@sluice/kafka/inspect';
import type { Finding } from './findings.js';
import type { KafkaNeeds } from './kafka-needs.js';

interface Rule {
  readonly code: string;
  readonly setting: string;
  readonly isWrong: (value: string) => boolean;
  readonly follows: string;
  readonly remedy: string;
}

const DAY_MS = 86_400_000n;
/** Retention of inbox entries in days. */
const REMEMBERED_DAYS = 14n;

const RULES: readonly Rule[] = [
  {
    code: 'topic-compacted',
    setting: 'cleanup.policy',
    isWrong: (value) => value !== 'delete',
    follows: 'Of several messages of one key Kafka keeps the last: orders and facts are lost.',
    remedy: 'Set cleanup.policy=delete.',
  },
  {
    code: 'topic-kept-too-long',
    setting: 'retention.ms',
    isWrong: (value) => BigInt(value) < 0n || BigInt(value) > REMEMBERED_DAYS * DAY_MS,
    follows:
      'A consumer that begins anew meets messages that its inbox has forgotten: they would count twice.',
    remedy: 'Set retention.ms to less than 14 days (1209600000).',
  },
  {
    code: 'topic-kept-too-short',
    setting: 'retention.ms',
    isWrong: (value) => BigInt(value) >= 0n && BigInt(value) < DAY_MS,
    follows: 'A consumer that is away for longer misses messages.',
    remedy: 'Set retention.ms to more than the longest outage, a day (86400000) at least.',
  },
  {
    code: 'topic-bounded-by-size',
    setting: 'retention.bytes',
    isWrong: (value) => BigInt(value) >= 0n,
    follows: 'A burst deletes unread messages.',
    remedy: 'Set retention.bytes=-1.',
  },
];

const ENOUGH = {
  code: 'topic-insync-few',
  setting: 'min.insync.replicas',
  isWrong: (value: string) => Number(value) < 2,
  follows: 'A record counts as stored when one broker has it: it is lost with that broker.',
  remedy: 'Set min.insync.replicas=2.',
};

/**
 * Checks the retention and durability settings required by the services, for each topic of the
 * table.
 */
export function topicSettingFindings(
  { topics }: KafkaState,
  names: readonly string[],
  { replicationFactor }: KafkaNeeds,
): readonly Finding[] {
  const ours = topics.filter(({ name }) => names.includes(name));
  const rules = replicationFactor >= 3 ? [...RULES, ENOUGH] : RULES;
  return rules.flatMap(({ code, setting, isWrong, follows, remedy }) => {
    const wrong = ours.filter(({ settings }) => breaks(settings, setting, isWrong));
    if (wrong.length === 0) return [];
    const values = wrong.map(({ name, settings }) => `${name} (${settings.get(setting)})`);
    return [{ code, wrong: `${setting} is wrong for ${values.join(', ')}.`, follows, remedy }];
  });
}

function breaks(settings: Settings, name: string, isWrong: Rule['isWrong']): boolean {
  const value = settings.get(name);
  return value !== undefined && value !== null && isWrong(value);
}
