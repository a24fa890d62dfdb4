import { encode, withdrawalEvents } from '@sluice/messages';
import { testValues } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import {
  kafkaClient,
  ServiceProcess,
  type TestKafka,
  withTestKafka,
  workspaceRoot,
} from '@sluice/test-servers';
import { join } from 'node:path';
import type { WithdrawalStep } from './events/event-body.js';
import {
  aStep,
  EVENTS_KEY,
  givenWebhooks,
  migrated,
  webhooksEnv,
} from './testkit/given-webhooks.js';
import { Receiver } from './testkit/receiver.js';

const SLOW = 240_000;
const PATIENCE = { withinMs: 100_000, everyMs: 100 };
const MAIN = join(workspaceRoot(), 'apps/webhooks/dist/main.js');

let kafka: TestKafka;
let receiver: Receiver;
let url: string;
const running: ServiceProcess[] = [];
beforeAll(async () => {
  kafka = await withTestKafka();
  await kafka.createTopics([{ name: withdrawalEvents.name, partitions: 2 }]);
}, SLOW);
beforeEach(async () => {
  receiver = await Receiver.start();
  url = await migrated();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.stop()));
  await receiver.stop();
});

/** The service as a process, over Kafka. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
  const process = await ServiceProcess.start(MAIN, {
    ...webhooksEnv(url, ''),
    KAFKA_BROKERS: kafka.brokers.join(),
    ...env,
  });
  running.push(process);
  return process;
}

async function publish(...steps: readonly WithdrawalStep[]): Promise<void> {
  const producer = kafkaClient({ brokers: kafka.brokers }).producer();
  await producer.connect();
  const signed = EVENTS_KEY.sign(steps.map((step) => encode(withdrawalEvents, step)));
  const messages = signed.map(({ key, headers, value }) => ({
    key,
    headers: { ...headers },
    value,
  }));
  await producer.send({ topic: withdrawalEvents.name, messages });
  await producer.disconnect();
}

/** Looks at the database as the service would, without being one that sends. */
async function withLook<T>(
  look: (webhooks: Awaited<ReturnType<typeof givenWebhooks>>) => Promise<T>,
): Promise<T> {
  const webhooks = await givenWebhooks(url, testValues({ inFlight: 1 }));
  try {
    return await look(webhooks);
  } finally {
    await webhooks.close();
  }
}

const registered = (path: string, account: string) =>
  withLook((webhooks) => webhooks.register({ account, url: receiver.url(path) }));

async function arrived(path: string, times = 1): Promise<void> {
  await eventually(() => expect(receiver.at(path).length).toBeGreaterThanOrEqual(times), PATIENCE);
}

/** The next process sends the killed one's delivery, the nth of the path, once more. */
async function sentAgain(path: string, nth: number, log: readonly object[]): Promise<void> {
  await start();
  await arrived(path, nth + 1);
  await withLook(async (webhooks) => {
    await eventually(async () => {
      const delivery = (await webhooks.deliveries())[nth - 1];
      expect(delivery).toMatchObject({ status: 'delivered' });
      expect(delivery?.attempts).toMatchObject(log);
    }, PATIENCE);
    expect(await webhooks.violations()).toEqual([]);
  });
  const [one, other] = receiver.at(path).slice(nth - 1);
  expect(other?.body).toBe(one?.body);
  expect(other?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
}

/** An account of its own: the topic is that of every test here. */
const ACCOUNTS = {
  before: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b21',
  after: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b22',
  frozen: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b23',
  claimed: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b24',
};

describe('a process that is killed', () => {
  it(
    'webhooks.before-commit, before the delivery is stored: it is made by the next one, once',
    async () => {
      await registered('/before', ACCOUNTS.before);
      const step = aStep({ accountId: ACCOUNTS.before });
      const killed = await start({ FAULT_AT: 'webhooks.before-commit' });
      await publish(step, step);
      expect(await killed.ended).toBeNull();
      expect(receiver.at('/before')).toEqual([]);

      await start();
      await arrived('/before');

      await withLook(async (webhooks) => {
        const delivery = await eventually(async () => {
          const all = await webhooks.deliveries();
          expect(all).toMatchObject([{ status: 'delivered', attempt_count: 1 }]);
          return all[0];
        }, PATIENCE);
        expect(delivery?.attempts).toHaveLength(1);
        expect(await webhooks.violations()).toEqual([]);
      });
      expect(receiver.at('/before')).toHaveLength(1);
    },
    SLOW,
  );

  it(
    'webhooks.after-send, between the answer and its mark: it is sent again, with the same bytes and number, and the log says that nobody knows of the first attempt',
    async () => {
      await registered('/after', ACCOUNTS.after);
      const lease = testValues({ timeoutMs: 1_000, leaseMs: 2_000 });
      const killed = await start({ ...lease, FAULT_AT: 'K14' });
      await publish(aStep({ accountId: ACCOUNTS.after }));
      expect(await killed.ended).toBeNull();
      expect(receiver.at('/after')).toHaveLength(1);

      await sentAgain('/after', 1, [
        { error: 'outcome_unknown', status: null },
        { error: null, status: 200 },
      ]);
    },
    SLOW,
  );
});

describe('a process that sends a delivery before it stores the row', () => {
  it(
    'webhooks.after-send, and is killed between both: it is sent again, with the same bytes and number',
    async () => {
      await registered('/claimed', ACCOUNTS.claimed);
      const lease = testValues({ timeoutMs: 1_000, leaseMs: 2_000 });
      const killed = await start({ ...lease, FAULT_AT: 'webhooks.after-send:2' });
      await publish(aStep({ accountId: ACCOUNTS.claimed }));
      await withLook((webhooks) =>
        eventually(
          async () => expect(await webhooks.deliveries()).toMatchObject([{ status: 'delivered' }]),
          PATIENCE,
        ),
      );
      await publish(aStep({ accountId: ACCOUNTS.claimed }));
      expect(await killed.ended).toBeNull();
      expect(receiver.at('/claimed')).toHaveLength(2);

      await sentAgain('/claimed', 2, [{ error: null, status: 200 }]);
    },
    SLOW,
  );
});

describe('a process that stands still for longer than its lease', () => {
  it(
    'changes nothing with what it learns afterwards',
    async () => {
      await registered('/first-held', ACCOUNTS.frozen);
      const lease = testValues({ timeoutMs: 10_000, leaseMs: 20_000 });
      const frozen = await start(lease);
      await publish(aStep({ accountId: ACCOUNTS.frozen }));
      await arrived('/first-held');
      frozen.signal('SIGSTOP');
      receiver.release();

      await start(lease);
      await arrived('/first-held', 2);
      const log = [
        { error: 'outcome_unknown', status: null },
        { error: null, status: 200, answer: 'thanks' },
      ];
      const marked = () =>
        withLook(async (webhooks) => {
          const [delivery] = await webhooks.deliveries();
          expect(delivery).toMatchObject({ status: 'delivered', attempt_count: 1 });
          expect(delivery?.attempts).toMatchObject(log);
        });
      await eventually(marked, PATIENCE);

      frozen.signal('SIGCONT');

      await eventually(
        () => expect(frozen.output()).toContain('a late outcome of a delivery was ignored'),
        PATIENCE,
      );
      await marked();
    },
    SLOW,
  );
});
