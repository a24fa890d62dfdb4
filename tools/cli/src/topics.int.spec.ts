import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminLogin, KAFKA_RIGHTS } from '@sluice/stack';
import { ALL_TOPICS } from '@sluice/messages';
import { inspectKafka } from '@sluice/kafka/inspect';
import {
  freePort,
  kafkaClient,
  startGuard,
  startKafka,
  tempFolder,
  withKafkaAdmin,
  type KafkaServer,
} from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import kafkajs from 'kafkajs';
import { cliConfig } from './settings/config.js';
import { runCli } from './run-cli.js';

const { ConfigResourceTypes } = kafkajs;
const START_WITHIN_MS = 240_000;
const guard = startGuard();

describe('topics apply', () => {
  const folder = tempFolder(guard);
  let server: KafkaServer;
  beforeAll(async () => {
    const [port, controllerPort] = [await freePort(), await freePort()];
    server = await startKafka({
      port,
      controllerPort,
      guard,
      dataDir: join(folder, 'kafka'),
      logFile: join(folder, 'kafka.log'),
      admin: adminLogin('the password of the admin'),
    });
    mkdirSync(join(folder, 'logins'));
    writeFileSync(join(folder, 'logins', 'ledger'), 'the password of ledger\n');
    writeFileSync(
      join(folder, 'admin.properties'),
      `security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="the password of the admin";
`,
    );
  }, START_WITHIN_MS);
  afterAll(() => server.stop());

  const apply = (more: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    runCli(
      ['topics', 'apply', '--replication-factor=1', ...more],
      cliConfig({
        SLUICE_RUN: '',
        SLUICE_KAFKA_BROKERS: server.brokers.join(','),
        SLUICE_KAFKA_PROPERTIES_FILE: join(folder, 'admin.properties'),
        ...environment,
      }),
      () => undefined,
    );
  const LOGINS = ['--logins=scram-sha-512', `--passwords=${join(folder, 'logins')}`];
  const look = () =>
    inspectKafka({ brokers: server.brokers, login: server.login ?? null, tls: null });
  const send = (username: string, password: string, topic: string) => {
    const login = { mechanism: 'scram-sha-512', username, password } as const;
    const producer = kafkaClient({ brokers: server.brokers, login }).producer();
    return producer
      .connect()
      .then(() => producer.send({ topic, messages: [{ value: 'one' }] }))
      .finally(() => producer.disconnect());
  };

  const expectedRights = (prefix: string, principal: (service: string) => string) =>
    KAFKA_RIGHTS.flatMap(({ username, writes, reads, group }) => {
      const words = (operation: string, resource: string, name: string, pattern = 'literal') =>
        `${principal(username)} Allow ${operation} ${resource} ${prefix}${name} ${pattern} *`;
      return [
        ...writes.map((name) => words('Write', 'topic', name)),
        ...reads.map((name) => words('Read', 'topic', name)),
        'name' in group
          ? words('Read', 'group', group.name)
          : words('Read', 'group', group.prefix, 'prefixed'),
      ];
    }).toSorted();
  const rightsNow = async () =>
    ((await look()).rights ?? [])
      .map((one) =>
        [
          one.principal,
          one.permission,
          one.operation,
          one.resource,
          one.name,
          one.pattern,
          one.host,
        ].join(' '),
      )
      .toSorted();

  it('creates topics, settings, rights and logins, and may be repeated', async () => {
    const given = [
      '--partitions=2',
      '--settings=min.insync.replicas=1,retention.ms=600000',
      ...LOGINS,
    ];

    expect(await apply(given)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        `Kafka has ${ALL_TOPICS.length} topics (${ALL_TOPICS.length} of them new)`,
      ),
    });
    await eventually(async () =>
      expect(await rightsNow()).toEqual(expectedRights('', (service) => `User:${service}`)),
    );
    await withKafkaAdmin(server, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: 'ledger.events',
            configEntries: [{ name: 'max.message.bytes', value: '900000' }],
          },
        ],
      }),
    );
    expect(await apply(given)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('(0 of them new)'),
    });

    const { topics, logins } = await look();
    expect(await rightsNow()).toEqual(expectedRights('', (service) => `User:${service}`));
    expect(topics.map(({ name }) => name)).toEqual(
      expect.arrayContaining(ALL_TOPICS.map(({ name }) => name)),
    );
    for (const { settings, partitions } of topics.filter(({ name }) =>
      ALL_TOPICS.some((one) => one.name === name),
    )) {
      expect(partitions).toHaveLength(2);
      expect([settings.get('min.insync.replicas'), settings.get('retention.ms')]).toEqual([
        '1',
        '600000',
      ]);
    }
    // a setting of the operator stays, unlike with the older request
    expect(
      topics.find(({ name }) => name === 'ledger.events')?.settings.get('max.message.bytes'),
    ).toBe('900000');
    expect(logins).toEqual(['ledger']);
  }, 120_000);

  it('gives a login that writes its own topic, and no other', async () => {
    await eventually(() => send('ledger', 'the password of ledger', 'ledger.events'));

    await expect(send('ledger', 'the password of ledger', 'withdrawal.events')).rejects.toThrow(
      /not authorized/i,
    );
    await expect(send('ledger', 'a guess', 'ledger.events')).rejects.toThrow(/authentication/i);
  }, 60_000);

  it('prepares a second environment by prefix and principals, with rights for some connectors', async () => {
    const before = await rightsNow();
    const environment = {
      SLUICE_KAFKA_PREFIX: 'test.',
      SLUICE_KAFKA_PRINCIPALS: JSON.stringify({ webhooks: 'User:CN=webhooks,O=x' }),
    };
    expect(await apply(['--connectors=connector-gateio', ...LOGINS], environment)).toMatchObject({
      exitCode: 0,
    });

    const principal = (service: string) =>
      service === 'webhooks' ? 'User:CN=webhooks,O=x' : `User:test.${service}`;
    const wanted = expectedRights('test.', principal).filter(
      (one) => !/^User:test.connector-(?!gateio)/.test(one),
    );
    await eventually(async () =>
      expect((await rightsNow()).filter((one) => !before.includes(one))).toEqual(wanted),
    );
    expect((await look()).logins.toSorted()).toEqual(['ledger', 'test.ledger']);
    await expect(send('test.ledger', 'the password of ledger', 'ledger.events')).rejects.toThrow(
      /not authorized/i,
    );
  }, 60_000);

  it.each([
    ['another kind of login', ['--logins=plain'], {}, /--logins/],
    ['a setting without value', ['--settings=retention.ms'], {}, /NAME=VALUE/],
    [
      'a wrong setting',
      ['--settings=retention.ms=long'],
      {},
      /Kafka refused a change: .*retention\.ms/,
    ],
    ['no Kafka', [], { SLUICE_KAFKA_BROKERS: '' }, /no Kafka was given|nothing is running/],
  ])('refuses %s', async (_what, more, environment, fault) => {
    const { exitCode, stderr } = await apply(more, environment);

    expect(stderr).toMatch(fault);
    expect(exitCode).not.toBe(0);
  });
});
