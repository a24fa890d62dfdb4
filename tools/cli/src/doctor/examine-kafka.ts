import { inspectKafka, type KafkaAdminAccess } from '@sluice/kafka/inspect';
import { ALL_TOPICS } from '@sluice/messages';
import type { ReadClock } from './compare-clocks.js';
import { examined, type Examined } from './findings.js';
import { brokerFindings } from './kafka-brokers.js';
import { loginFindings } from './kafka-logins.js';
import type { KafkaNeeds } from './kafka-needs.js';
import { rightFindings } from './kafka-rights.js';
import { topicSettingFindings } from './kafka-topic-settings.js';
import { topicFindings } from './kafka-topics.js';

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
    const state = await inspectKafka(access);
    const findings = [
      ...brokerFindings(state, needs),
      ...topicFindings(state, TOPICS, needs),
      ...topicSettingFindings(state, TOPICS, needs),
      ...rightFindings(state, needs),
      ...loginFindings(state, needs),
    ];
    const clocks = state.clock === null ? [] : [{ of: "Kafka's controller", ...state.clock }];
    return { examined: examined('kafka', { checked: LOOKS, findings }), clocks };
  } catch (error) {
    return { examined: away(access, (error as Error).message), clocks: [] };
  }
}

function away({ brokers, login }: KafkaAdminAccess, because: string): Examined {
  return examined('kafka', {
    unchecked: [{ what: LOOKS.join(', '), because }],
    findings: [
      {
        code: 'kafka-away',
        wrong: `Kafka at ${brokers.join(', ')} cannot be asked${login === null ? '' : ` as ${login.username}`}: ${because}.`,
        follows: 'Unless it is this command alone that cannot, nothing moves.',
        remedy:
          'Look whether the brokers answer here, at the authority of their certificates, and at the login that was given.',
      },
    ],
  });
}
