import { SERVICE_NAMES } from '@sluice/stack';
import { kafkaClient, until, type KafkaAccess } from '@sluice/test-servers';
import type { Kubectl } from '../programs/kubectl.js';
import type { Teller } from '../output/say.js';
import type { Prometheus } from './prometheus.js';

const TOPIC = 'ledger.commands';
/** Two scrapes and an evaluation every 15 s, and the start of the pods. */
const LONGEST_MS = 180_000;

/**
 * Checks that Prometheus reads every pod of every service, then writes a message without signature
 * to Kafka and waits for the alert. Throws an error with the last state after the timeout.
 */
export async function watchInstallation(
  prometheus: Prometheus,
  { kubectl, kafka, teller }: { kubectl: Kubectl; kafka: KafkaAccess; teller: Teller },
): Promise<void> {
  await teller.during(
    (pods) => `Prometheus reads all ${pods} pods of ${SERVICE_NAMES.length} services`,
    () =>
      until('Prometheus does not read every pod', () => readPods(prometheus, kubectl), LONGEST_MS),
  );
  const before = await prometheus.firing();
  teller.say(
    `firing alerts: ${before.map(({ alertname, service }) => `${alertname} (${service ?? ''})`).join(', ') || 'none'}`,
  );
  await writeForged(kafka);
  await teller.during('the first message without signature fires MessageForged', () =>
    until('MessageForged does not fire', () => requireForged(prometheus), LONGEST_MS, 1_000),
  );
}

/** Resolves with the number of pods. */
async function readPods(prometheus: Prometheus, kubectl: Kubectl): Promise<number> {
  const targets = await prometheus.targets();
  const faults = targets.filter(({ health }) => health !== 'up');
  const pods = await Promise.all(SERVICE_NAMES.map((name) => kubectl.pods(name)));
  const names = pods.flat().map(({ name }) => name);
  const missing = names.filter((name) => !targets.some(({ labels }) => labels['pod'] === name));
  if (faults.length > 0 || missing.length > 0)
    throw new Error(
      `not read: ${[...missing, ...faults.map(({ labels, lastError }) => `${labels['pod']}: ${lastError}`)].join(', ')}`,
    );
  return names.length;
}

async function requireForged(prometheus: Prometheus): Promise<void> {
  const alerts = await prometheus.firing();
  const isFiring = alerts.some(
    ({ alertname, service, topic }) =>
      alertname === 'MessageForged' && service === 'ledger' && topic === TOPIC,
  );
  if (!isFiring) throw new Error(`firing: ${alerts.map(({ alertname }) => alertname).join(', ')}`);
}

/** Writes with the right to write the topic, but without the key of its producer. */
async function writeForged(kafka: KafkaAccess): Promise<void> {
  const producer = kafkaClient(kafka, 'cluster-proof').producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({
      topic: TOPIC,
      acks: -1,
      messages: [
        {
          key: '0000000000000',
          value: '{}',
          headers: {
            ce_specversion: '1.0',
            ce_id: crypto.randomUUID(),
            ce_type: 'ledger.place-hold.v1',
            ce_source: 'intake-api',
            ce_time: new Date().toISOString(),
            'content-type': 'application/json',
          },
        },
      ],
    });
  } finally {
    await producer.disconnect();
  }
}
