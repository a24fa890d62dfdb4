import { join } from 'node:path';
import { ALL_TOPICS, PUBLIC_TOPICS, readersOf } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import {
  freePort,
  kafkaClient,
  startGuard,
  startKafka,
  tempFolder,
  withKafkaAdmin,
  type KafkaAccess,
  type KafkaLogin,
  type KafkaServer,
} from '@sluice/test-servers';
import {
  DOWNSTREAM,
  KAFKA_SERVICES,
  LOGIN_NAMES,
  adminLogin,
  kafkaLogin,
  type LoginName,
} from '../tables/credentials.js';
import { openKafka } from './servers.js';
import { loadSecrets, type StackSecrets } from './stack-secrets.js';

const guard = startGuard();

describe('the rights of logins at Kafka', () => {
  const folder = tempFolder(guard);
  let server: KafkaServer;
  let secrets: StackSecrets;
  beforeAll(async () => {
    const [port, controllerPort] = [await freePort(), await freePort()];
    secrets = loadSecrets(join(folder, 'secrets.json'));
    server = await startKafka({
      dataDir: join(folder, 'kafka'),
      port,
      controllerPort,
      logFile: join(folder, 'kafka.log'),
      admin: adminLogin(secrets.kafkaAdmin),
      guard,
      restart: true,
    });
    await openKafka(server, secrets);
  });
  afterAll(() => server.stop());

  const as = (name: LoginName): KafkaAccess => ({
    brokers: server.brokers,
    login: kafkaLogin(name, secrets.kafka[name]),
  });

  describe.each(
    ALL_TOPICS.map((topic) => ({
      name: topic.name,
      producedBy: topic.producedBy,
      readers: [
        ...readersOf(topic),
        ...topic.readBackBy,
        ...(topic.consumedBy === null ? [DOWNSTREAM] : []),
      ],
    })),
  )('$name', ({ name, producedBy, readers }) => {
    it(`is written by ${producedBy} alone`, async () => {
      expect(await allowed((login) => write(as(login), name))).toEqual([producedBy]);
    });

    it(`is read by ${readers.join(' and ')} alone`, async () => {
      await eventually(() => write(as(producedBy as LoginName), name));

      const reading = await allowed((login) => read(as(login), name, groupOf(login)));
      expect(reading.toSorted()).toEqual(readers.toSorted());
    });
  });

  it('allow only the own consumer group', async () => {
    await expect(read(as('ledger'), 'ledger.commands', 'intake-api')).rejects.toThrow(DENIED);
    await expect(read(as(DOWNSTREAM), PUBLIC_TOPICS[0] ?? '', 'intake-api')).rejects.toThrow(
      DENIED,
    );
  });

  it.each(KAFKA_SERVICES)('let %s make, change and grant nothing', async (name) => {
    const topics = [{ topic: `of.${name}`, numPartitions: 1 }];
    await expect(
      withKafkaAdmin(as(name), (admin) => admin.createTopics({ topics })),
    ).rejects.toThrow(DENIED);
    await expect(
      withKafkaAdmin(as(name), (admin) => admin.deleteTopics({ topics: ['ledger.commands'] })),
    ).rejects.toThrow(DENIED);
  });

  it.each<[string, KafkaLogin | undefined]>([
    ['no login', undefined],
    ['an unknown login', { mechanism: 'scram-sha-512', username: 'nobody', password: 'x' }],
    ['a wrong password', kafkaLogin('ledger', 'x')],
    ["a service's login in the admin's way", { ...kafkaLogin('ledger', 'x'), mechanism: 'plain' }],
    ["the admin's name with a wrong password", adminLogin('x')],
  ])('%s gets nothing', async (_what, login) => {
    const topics = withKafkaAdmin({ brokers: server.brokers, login }, (admin) =>
      admin.listTopics(),
    );

    await expect(topics).rejects.toThrow();
  });

  it('are exactly these after a start that finds others', async () => {
    const before = await rights();
    await withKafkaAdmin(server, (admin) =>
      admin.createAcls({
        acl: [{ ...(before[0] ?? fail()), resourceName: 'venue.gateio.commands' }],
      }),
    );

    await openKafka(server, secrets);

    expect(await rights()).toEqual(before);
  });

  it('hold after kill -9', async () => {
    await server.process.kill('SIGKILL');
    await server.process.untilReady();

    await write(as('ledger'), 'ledger.events');
    await expect(write(as('ledger'), 'ledger.commands')).rejects.toThrow(DENIED);
  });

  /** Which of the logins may do it. A broker that does not lead a new topic yet is asked again. */
  async function allowed(work: (login: LoginName) => Promise<unknown>): Promise<readonly string[]> {
    const tried = await Promise.all(
      LOGIN_NAMES.map((login) =>
        eventually(async () => {
          try {
            await work(login);
            return [login];
          } catch (error) {
            expect((error as Error).message).toMatch(DENIED);
            return [];
          }
        }),
      ),
    );
    return tried.flat();
  }

  async function rights() {
    const { resources } = await withKafkaAdmin(server, (admin) => admin.describeAcls(EVERY_RIGHT));
    return resources
      .flatMap(({ acls, ...resource }) => acls.map((acl) => ({ ...acl, ...resource })))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
});

const DENIED =
  /not authorized|authorization failed|topic creation errors|failed to find group coordinator/i;
const ANY = 1;
const EVERY_RIGHT = {
  resourceType: ANY,
  resourcePatternType: ANY,
  operation: ANY,
  permissionType: ANY,
};

function groupOf(login: LoginName): string {
  return login === DOWNSTREAM ? `${DOWNSTREAM}-test` : login;
}

async function write(access: KafkaAccess, topic: string): Promise<void> {
  const producer = kafkaClient(access).producer({
    allowAutoTopicCreation: false,
    idempotent: true,
  });
  await producer.connect();
  try {
    await producer.send({ topic, messages: [{ key: 'k', value: 'v' }] });
  } finally {
    await producer.disconnect();
  }
}

/** Joins the group and reads until a record is there. A fetch without partitions proves no right. */
async function read(access: KafkaAccess, topic: string, groupId: string): Promise<void> {
  const consumer = kafkaClient(access).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    retry: { retries: 10, maxRetryTime: 500, restartOnFailure: () => Promise.resolve(false) },
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async () => resolve() });
    await promise;
  } finally {
    await consumer.disconnect();
  }
}

function fail(): never {
  throw new Error('there are no rights');
}
