import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@sluice/test-kit';
import {
  CertificateAuthority,
  freePort,
  startGuard,
  startKafka,
  tempFolder,
  writeServerTls,
  type KafkaServer,
  type ServerTls,
} from '@sluice/test-servers';
import { applyKafka } from './inspect-kafka.js';
import { connectKafka } from './connect-kafka.js';
import type { KafkaCredentials, KafkaTls } from './kafka-security.js';

const MODULE = 'org.apache.kafka.common.security';
const ADMIN = { mechanism: 'plain', username: 'admin', password: 'an admin password' } as const;
const SECRET = 'the secret of the client';
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const guard = startGuard();
const START_WITHIN_MS = 240_000;

describe('a Kafka with every kind of login', () => {
  const folder = tempFolder(guard);
  const tokens = { requests: 0, isRefusing: false };
  let server: KafkaServer;
  let issuer: Server;
  let mutual: string[];
  let tls: KafkaTls;
  let client: ServerTls;
  let tokenUrl: string;

  beforeAll(async () => {
    const authority = await CertificateAuthority.create();
    const files = await writeServerTls(join(folder, 'tls'), authority, { hosts: ['127.0.0.1'] });
    client = await writeServerTls(join(folder, 'client'), authority, { hosts: ['ledger'] });
    tls = { caFile: files.caFile, client: null };
    const issued = await authority.issue({ hosts: ['127.0.0.1'] });
    issuer = createServer({ cert: issued.certificate, key: issued.key }, (request, response) => {
      tokens.requests++;
      const login = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64');
      const [name = '', secret = ''] = login.toString().split(':').map(decodeURIComponent);
      response.statusCode = secret === SECRET && !tokens.isRefusing ? 200 : 401;
      response.end(JSON.stringify({ access_token: unsecuredToken(name), expires_in: 600 }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    tokenUrl = `https://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`;
    const [port, controllerPort, mutualPort] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
    ]);
    mutual = [`127.0.0.1:${mutualPort}`];
    server = await startKafka({
      port,
      controllerPort,
      guard,
      dataDir: join(folder, 'kafka'),
      logFile: join(folder, 'kafka.log'),
      admin: ADMIN,
      tls: files,
      settings: {
        listeners: `CLIENTS://127.0.0.1:${port},MUTUAL://127.0.0.1:${mutualPort},CONTROLLER://127.0.0.1:${controllerPort}`,
        'advertised.listeners': `CLIENTS://127.0.0.1:${port},MUTUAL://127.0.0.1:${mutualPort}`,
        'listener.security.protocol.map': 'CLIENTS:SASL_SSL,MUTUAL:SSL,CONTROLLER:SASL_SSL',
        'listener.name.mutual.ssl.client.auth': 'required',
        'sasl.enabled.mechanisms': 'SCRAM-SHA-512,SCRAM-SHA-256,PLAIN,OAUTHBEARER',
        'listener.name.clients.scram-sha-256.sasl.jaas.config': `${MODULE}.scram.ScramLoginModule required;`,
        'listener.name.clients.oauthbearer.sasl.jaas.config': `${MODULE}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
        'listener.name.clients.plain.sasl.jaas.config': `${MODULE}.plain.PlainLoginModule required username="admin" password="${ADMIN.password}" user_admin="${ADMIN.password}" user_plain="a password";`,
      },
    });
  }, START_WITHIN_MS);
  afterAll(async () => {
    issuer.close();
    await server.stop();
  });

  const oauth = (name: string, caFile = tls.caFile): KafkaCredentials => ({
    mechanism: 'oauthbearer',
    tokenUrl,
    clientId: name,
    clientSecret: SECRET,
    scope: '',
    caFile,
  });

  /** Topics, rights and, by SCRAM, the login of an environment; idempotent, so every call is two. */
  async function prepare(prefix: string, principal: string, login: KafkaCredentials | null) {
    const right = (operation: 'Read' | 'Write', resource: 'topic' | 'group', name: string) => ({
      principal,
      operation,
      resource,
      name: prefix + name,
      pattern: 'literal' as const,
    });
    const plan = {
      topics: [`${prefix}notes`, `${prefix}other`],
      partitions: 2,
      replicationFactor: 1,
      settings: new Map([['retention.ms', '600000']]),
      logins:
        login?.mechanism === 'scram-sha-256' || login?.mechanism === 'scram-sha-512'
          ? [{ ...login, mechanism: login.mechanism }]
          : [],
      rights: [
        right('Write', 'topic', 'notes'),
        right('Read', 'topic', 'notes'),
        right('Read', 'group', 'ledger'),
      ],
    };
    const access = { brokers: server.brokers, login: ADMIN, tls };
    expect(await applyKafka(access, plan)).toEqual(plan.topics);
    expect(await applyKafka(access, plan)).toEqual([]);
  }

  const connect = (prefix: string, login: KafkaCredentials | null, own: KafkaTls = tls) =>
    connectKafka({
      brokers: login === null ? mutual : server.brokers,
      clientId: 'a test',
      logger: SILENT,
      prefix,
      security: { login, tls: own },
    });

  /** Sends a record and consumes until `expected` records have arrived. */
  async function roundTrip(log: ReturnType<typeof connect>, value: string) {
    const [producer, consumer] = [
      log.producer(),
      log.consumer({ groupId: 'ledger', sessionMs: 10_000, heartbeatMs: 1_000, takes: ['notes'] }),
    ];
    const [values, topics] = [[] as string[], new Set<string>()];
    const assigned: string[] = [];
    consumer.listen({ onJoined: (assignment) => assigned.push(...Object.keys(assignment)) });
    await Promise.all([producer.connect(), consumer.connect()]);
    await producer.send([{ topic: 'notes', key: 'one', value, headers: {} }]);
    await consumer.run({
      topics: ['notes'],
      concurrentPartitions: 1,
      eachBatch: async ({ records, topic, partition, nextOffset, advanceTo, commit }) => {
        topics.add(topic);
        values.push(...records.map((record) => String(record.value)));
        advanceTo(nextOffset);
        await commit([{ topic, partition, offset: nextOffset, metadata: 'mine' }]);
      },
    });
    await eventually(() => expect(values).toContain(value), { withinMs: 30_000 });
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
    expect([...topics]).toEqual(['notes']);
    expect(new Set(assigned)).toEqual(new Set(['notes']));
    return values;
  }

  const LOGINS: readonly [string, string, () => KafkaCredentials | null][] = [
    ['plain', 'User:plain', () => ({ ...ADMIN, username: 'plain', password: 'a password' })],
    [
      'scram-sha-256',
      'User:s-256',
      () => ({ mechanism: 'scram-sha-256', username: 's-256', password: 'a password' }),
    ],
    [
      'scram-sha-512',
      'User:s-512',
      () => ({ mechanism: 'scram-sha-512', username: 's-512', password: 'a password' }),
    ],
    ['oauthbearer', 'User:a client', () => oauth('a client')],
    ['none', 'User:CN=ledger', () => null],
  ];

  it.each(LOGINS)(
    '%s: writes and reads its own topics alone, under their logical names',
    async (name, principal, loginOf) => {
      const [prefix, login] = [`${name}.`, loginOf()];
      await prepare(prefix, principal, login);
      const own = login === null ? { ...tls, client } : tls;
      const log = connect(prefix, login, own);

      await eventually(() => roundTrip(log, 'a value'), { withinMs: 40_000 });

      const admin = log.admin({ retries: 1 });
      await admin.connect();
      expect(await admin.topics()).toEqual(['notes']);
      const committed = await admin.committed('ledger', ['notes']);
      expect(committed.filter(({ offset }) => offset >= 0)).toMatchObject([
        { topic: 'notes', metadata: 'mine' },
      ]);
      const bounds = (await admin.bounds(['notes'])).get('notes');
      expect(bounds?.some(({ end }) => end > 0)).toBe(true);
      await admin.disconnect();
      expect((await log.tail('notes', 1)).map(({ value }) => String(value))).toEqual(['a value']);
      await expect(log.tail('other', 1)).rejects.toThrow();
    },
    120_000,
  );

  it('two environments share the broker, and neither reads the other', async () => {
    const logins = ['a-ledger', 'b-ledger'].map((username) => ({
      mechanism: 'scram-sha-512' as const,
      username,
      password: username,
    }));
    await prepare('a.', 'User:a-ledger', logins[0] ?? null);
    await prepare('b.', 'User:b-ledger', logins[1] ?? null);
    const [a, b] = [connect('a.', logins[0] ?? null), connect('b.', logins[1] ?? null)];

    const fromA = await eventually(() => roundTrip(a, 'of a'), { withinMs: 40_000 });
    const fromB = await eventually(() => roundTrip(b, 'of b'), { withinMs: 40_000 });

    expect([new Set(fromA), new Set(fromB)]).toEqual([new Set(['of a']), new Set(['of b'])]);
    const foreign = connect('b.', logins[0] ?? null);
    await expect(foreign.tail('notes', 1)).rejects.toThrow(/not authorized/i);
    const admin = foreign.admin({ retries: 1 });
    await admin.connect();
    await expect(admin.committed('ledger', ['notes'])).rejects.toThrow(/coordinator|authorized/i);
    expect(await admin.topics()).toEqual([]);
    await admin.disconnect();
  }, 120_000);

  it('a token serves many connections, and a refusal names the address but no secret', async () => {
    const log = connect('oauthbearer.', oauth('a client'));
    const before = tokens.requests;
    await log.tail('notes', 1);
    await log.tail('notes', 1);
    expect(tokens.requests - before).toBe(1);

    const said = (login: KafkaCredentials) =>
      connect('oauthbearer.', login)
        .tail('notes', 1)
        .then(String, (error: unknown) => String(error));
    const wrong = await said({ ...oauth('a client'), clientSecret: 'guessed' } as KafkaCredentials);
    expect(wrong).toContain(`the Kafka token of ${tokenUrl} could not be fetched: status 401`);
    expect(wrong).not.toContain('guessed');
    expect(await said(oauth('a client', null))).toContain('could not be fetched: UNABLE_TO_VERIFY');
  });
});

function unsecuredToken(sub: string): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub, iat: now, exp: now + 600 })}.`;
}
