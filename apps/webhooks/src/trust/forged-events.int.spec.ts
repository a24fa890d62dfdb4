import { join } from 'node:path';
import { encode, withdrawalEvents, type WireMessage } from '@sluice/messages';
import { EVENT_SIGNATURE_HEADER, EventSigningKey } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import {
  kafkaClient,
  ServiceProcess,
  withTestKafka,
  workspaceRoot,
  type TestKafka,
} from '@sluice/test-servers';
import {
  ACCOUNT,
  aStep,
  EVENTS_KEY,
  givenWebhooks,
  migrated,
  webhooksEnv,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';

const SLOW = 240_000;
const PATIENCE = { withinMs: 100_000, everyMs: 100 };
const MAIN = join(workspaceRoot(), 'apps/webhooks/dist/main.js');
const NEXT_KEY = EventSigningKey.parse(Buffer.alloc(32, 'next').toString('base64'));
const FOREIGN_KEY = EventSigningKey.parse(Buffer.alloc(32, 'thief').toString('base64'));

const plain = (amount = '100') => encode(withdrawalEvents, aStep({ accountId: ACCOUNT, amount }));
const signed = (key: EventSigningKey, ...messages: readonly WireMessage[]) => key.sign(messages);
const changed = (message: WireMessage | undefined): WireMessage => ({
  ...(message as WireMessage),
  value: message?.value.replace('"amount":"100"', '"amount":"999999"') ?? '',
});

describe('an event of Kafka', () => {
  let kafka: TestKafka;
  let receiver: Receiver;
  let webhooks: TestWebhooks;
  let service: ServiceProcess;
  beforeAll(async () => {
    kafka = await withTestKafka();
    await kafka.createTopics([{ name: withdrawalEvents.name, partitions: 1 }]);
    receiver = await Receiver.start();
    const url = await migrated();
    webhooks = await givenWebhooks(url);
    await webhooks.register({ url: receiver.url('/hook') });
    const keys = [EVENTS_KEY, NEXT_KEY].map(({ publicKey }) => publicKey.publicKey);
    service = await ServiceProcess.start(MAIN, {
      ...webhooksEnv(url, ''),
      KAFKA_BROKERS: kafka.brokers.join(),
      EVENTS_PUBLIC_KEYS: keys.join(' '),
    });
  }, SLOW);
  afterAll(async () => {
    await service.stop();
    await webhooks.close();
    await receiver.stop();
  });
  beforeEach(() => void receiver.received.splice(0));

  const publish = async (...messages: readonly WireMessage[]): Promise<void> => {
    const producer = kafkaClient({ brokers: kafka.brokers }).producer();
    await producer.connect();
    const records = messages.map(({ key, headers, value }) => ({
      key,
      headers: { ...headers },
      value,
    }));
    await producer.send({ topic: withdrawalEvents.name, messages: records });
    await producer.disconnect();
  };
  const letters = () =>
    webhooks.database.query<{ id: string; cause: string; replayed: boolean }>(
      'SELECT id::text, cause, replayed_at IS NOT NULL AS replayed FROM dead_letter ORDER BY dead_letter.id',
    );
  /** A genuine event behind the forged events: the forged events were processed before. */
  const genuineArrives = async (key = EVENTS_KEY): Promise<void> => {
    await publish(...signed(key, plain('7')));
    await eventually(() => expect(receiver.received).toHaveLength(1), PATIENCE);
    expect(receiver.received[0]?.body).toContain('"amount":"7"');
  };

  it(
    'without a valid signature becomes no delivery, but a dead letter',
    async () => {
      const [genuine] = signed(EVENTS_KEY, plain());
      const [, other] = signed(EVENTS_KEY, plain(), plain('1'));
      const borrowed = { ...plain('999999') };
      const signature = other?.headers[EVENT_SIGNATURE_HEADER] ?? '';

      await publish(plain('999999'), changed(genuine), ...signed(FOREIGN_KEY, plain('999999')), {
        ...borrowed,
        headers: { ...borrowed.headers, [EVENT_SIGNATURE_HEADER]: signature },
      });
      await genuineArrives();

      // the events are on several partitions
      expect((await letters()).map(({ cause }) => cause).sort()).toEqual([
        expect.stringMatching(/^forged_event: the event has no sluice-signature/),
        expect.stringMatching(/^forged_event: the key .* is not among the public keys/),
        expect.stringMatching(/^forged_event: the sluice-signature is wrong/),
        expect.stringMatching(/^forged_event: the sluice-signature is wrong/),
      ]);
    },
    SLOW,
  );

  it(
    'is not delivered either by a replay of the dead letter',
    async () => {
      const [{ id } = { id: '' }] = await letters();

      const path = `/internal/dead-letters/${id}/replay`;
      const answer = await service.get(path, { as: 'demo', method: 'POST' });

      expect([answer.status, await answer.text()]).toEqual([
        409,
        expect.stringContaining('forged_event'),
      ]);
      expect((await letters())[0]).toMatchObject({ replayed: false });
      await genuineArrives();
    },
    SLOW,
  );

  it('is delivered under each of the keys of a rotation', () => genuineArrives(NEXT_KEY), SLOW);
});
