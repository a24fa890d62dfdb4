import { join } from 'node:path';
import { adminLogin, openKafka, loadSecrets, type StackSecrets } from '@sluice/stack';
import {
  ensureLogins,
  freePort,
  startGuard,
  startKafka,
  tempFolder,
  withKafkaAdmin,
  type KafkaServer,
} from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import kafkajs from 'kafkajs';
import { compareClocks } from './compare.js';
import { examineKafka } from './kafka.js';
import type { KafkaNeeds } from './kafka-access.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes } = kafkajs;
const { ResourcePatternTypes } = kafkajs;
const NEEDS: KafkaNeeds = {
  partitions: 6,
  replicationFactor: 1,
  knownLogins: [],
  administrator: 'admin',
  isEncrypted: false,
  naming: { prefix: '', principals: {} },
};
const START_WITHIN_MS = 240_000;
const guard = startGuard();

describe('a Kafka', () => {
  const folder = tempFolder(guard);
  let server: KafkaServer;
  let secrets: StackSecrets;
  beforeAll(async () => {
    secrets = loadSecrets(join(folder, 'secrets.json'));
    const [port, controllerPort] = [await freePort(), await freePort()];
    server = await startKafka({
      port,
      controllerPort,
      guard,
      dataDir: join(folder, 'kafka'),
      logFile: join(folder, 'kafka.log'),
      admin: adminLogin(secrets.kafkaAdmin),
    });
    await openKafka(server, secrets);
  }, START_WITHIN_MS);
  afterAll(() => server.stop());

  const look = (needs: Partial<KafkaNeeds> = {}) =>
    examineKafka(
      { brokers: server.brokers, login: server.login ?? null, tls: null },
      { ...NEEDS, ...needs },
    );
  const findings = async (needs: Partial<KafkaNeeds> = {}) =>
    (await look(needs)).examined.findings.map(({ code, wrong }) => `${code}: ${wrong}`);

  /** A broker hears a little later of what its controller has taken. */
  const expectFindings = (expected: readonly unknown[], needs: Partial<KafkaNeeds> = {}) =>
    eventually(async () => expect(await findings(needs)).toEqual(expected));

  const right = (
    principal: string,
    operation: number,
    resourceName: string,
    resourceType: number = AclResourceTypes.TOPIC,
  ) => ({
    principal,
    operation,
    resourceName,
    resourceType,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  });
  type Right = ReturnType<typeof right>;
  const grant = (acl: Right) => withKafkaAdmin(server, (admin) => admin.createAcls({ acl: [acl] }));
  const revoke = (acl: Right) =>
    withKafkaAdmin(server, (admin) => admin.deleteAcls({ filters: [acl] }));
  const set = (name: string, settings: Readonly<Record<string, string>>) =>
    withKafkaAdmin(server, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            name,
            type: ConfigResourceTypes.TOPIC,
            configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
          },
        ],
      }),
    );

  it('as the job of the topics leaves it is right, and its controller tells the time', async () => {
    const { examined, clocks } = await look();

    expect(examined).toMatchObject({ findings: [], unchecked: [] });
    expect(clocks).toHaveLength(1);
    expect(compareClocks(clocks)).toEqual([]);
  });

  it('with fewer brokers, partitions or copies than are meant is told', async () => {
    await expectFindings(
      [
        'brokers-few: There are 1 brokers, and each record is to be kept by 3.',
        expect.stringMatching(/^topic-partitions-few: Fewer than 12 partitions: /),
        expect.stringMatching(/^topic-copies-few: Fewer than 3 copies: /),
        expect.stringMatching(/^topic-insync-few: min\.insync\.replicas is wrong for /),
      ],
      { replicationFactor: 3, partitions: 12 },
    );
  });

  const write = right('User:ledger', AclOperationTypes.WRITE, 'venue.gateio.commands');
  const everybody = right('User:*', AclOperationTypes.READ, 'ledger.commands');
  const readers = [
    right('User:auditors', AclOperationTypes.READ, 'withdrawal.events'),
    right('User:auditors', AclOperationTypes.READ, 'auditors-1', AclResourceTypes.GROUP),
  ];
  const read = right('User:connector-upvest', AclOperationTypes.READ, 'venue.upvest.commands');

  it('tells a right too many of a service', async () => {
    await grant(write);
    await expectFindings([
      'kafka-rights-surplus: The login ledger has forbidden rights at Kafka: Allow Write topic venue.gateio.commands.',
    ]);
    await revoke(write);
  });

  it('tells a right too few of a service', async () => {
    await revoke(read);
    await expectFindings([
      'kafka-rights-missing: The login connector-upvest lacks at Kafka: Allow Read topic venue.upvest.commands.',
    ]);
    await grant(read);
  });

  it('tells a right of everybody', async () => {
    await grant(everybody);
    await expectFindings([
      'kafka-rights-everybody: Everybody has at Kafka: Allow Read topic ledger.commands.',
    ]);
    await revoke(everybody);
  });

  it('lets readers read what is public, and tells when one may write', async () => {
    const writes = right('User:auditors', AclOperationTypes.WRITE, 'withdrawal.events');
    for (const acl of readers) await grant(acl);
    await expectFindings([]);

    await grant(writes);
    await expectFindings([
      'kafka-rights-unknown: The login auditors, which is no service, has at Kafka: Allow Write topic withdrawal.events.',
    ]);
    await expectFindings([], { knownLogins: ['auditors'] });
    for (const acl of [...readers, writes]) await revoke(acl);
  });

  it('tells a login that belongs to nobody', async () => {
    await ensureLogins(server, [
      { mechanism: 'scram-sha-512', username: 'mallory', password: 'x'.repeat(24) },
    ]);

    await expectFindings([
      'kafka-logins-unknown: Kafka knows logins that are no service and have no rights: mallory.',
    ]);
    await expectFindings([], { knownLogins: ['mallory'] });
  });

  it('tells topics that are kept otherwise than services rely on, and one that is not there', async () => {
    const known = { knownLogins: ['mallory'] };
    await set('ledger.events', { 'cleanup.policy': 'compact', 'retention.ms': '3600000' });
    await set('ledger.commands', { 'retention.ms': '-1', 'retention.bytes': '1000' });
    await withKafkaAdmin(server, (admin) => admin.deleteTopics({ topics: ['withdrawal.events'] }));

    await expectFindings(
      [
        'topic-missing: There is no topic withdrawal.events.',
        'topic-compacted: cleanup.policy is wrong for ledger.events (compact).',
        'topic-kept-too-long: retention.ms is wrong for ledger.commands (-1).',
        'topic-kept-too-short: retention.ms is wrong for ledger.events (3600000).',
        'topic-bounded-by-size: retention.bytes is wrong for ledger.commands (1000).',
      ],
      known,
    );
  });

  it('that does not know the login is told as one that could not be asked', async () => {
    const login = { mechanism: 'plain', username: 'admin', password: 'wrong' } as const;
    const { examined } = await examineKafka({ brokers: server.brokers, login, tls: null }, NEEDS);

    expect(examined.findings).toMatchObject([{ code: 'kafka-away' }]);
    expect(examined.unchecked).toHaveLength(1);
  });
});
