import { execFile } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '@sluice/connector-testing';
import {
  ALL_TOPICS,
  auditorPermits,
  decode,
  encode,
  ledgerChainHeads,
  ledgerEvents,
  topicsConsumedBy,
  venueCommands,
  type WireMessage,
} from '@sluice/messages';
import { Database, migrate } from '@sluice/postgres';
import {
  PermitKeys,
  PermitSigningKey,
  signMessage,
  signProof,
  type PermitStatement,
} from '@sluice/signing';
import {
  eventually,
  testMessageKeys,
  testMessageKeysText,
  type SimulatorControl,
} from '@sluice/test-kit';
import {
  asOwner,
  asService,
  kafkaClient,
  ServiceProcess,
  TEST_LOGIN,
  withTestKafka,
  withTestPostgres,
  workspaceRoot,
  type TestKafka,
  type TestPostgres,
} from '@sluice/test-servers';
import { ORDERS } from '../writes/audited-rows.js';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import { keyOf, type PaidOutside, type VenueUnderAudit } from './venue-under-audit.js';

const MAIN = join(workspaceRoot(), 'apps/auditor/dist/main.js');
const VERIFY = join(workspaceRoot(), 'apps/auditor/dist/verify.js');
const TOPICS = [...topicsConsumedBy('auditor'), auditorPermits.name];
const SIGNING_KEY = Buffer.alloc(32, 'auditor').toString('base64');
const PUBLIC_KEYS = new PermitKeys([PermitSigningKey.parse(SIGNING_KEY).publicKey]);
const REQUESTS = testMessageKeys('intake-api').with('auditor');
const ASSET = 'USDT.ETH';
const QUICK = { rate_limits: { enabled: false }, status_ms: 40 };

type LedgerType = keyof (typeof ledgerEvents)['types'];

interface RigOrder {
  readonly id: string;
  readonly account: string;
  readonly amount: string;
  readonly address: string;
  readonly clientReference: string;
}

export interface FoundRow {
  readonly kind: string;
  readonly subject: string;
  readonly scope: string;
  readonly target: string | null;
  readonly seconds: number;
}

interface AuditedSimulator extends RunningSimulator {
  readonly of: VenueUnderAudit;
}

interface Servers {
  readonly kafka: TestKafka;
  readonly postgres: TestPostgres;
  readonly url: string;
  readonly simulators: ReadonlyMap<string, AuditedSimulator>;
  readonly producer: ReturnType<ReturnType<typeof kafkaClient>['producer']>;
}

/** The auditor as a process between real servers. The rig signs as ledger and intake-api do. */
export class AuditorRig {
  private auditor: ServiceProcess | null = null;

  private constructor(
    private readonly servers: Servers,
    /** The login of the owner. */
    readonly database: Database,
  ) {}

  static async open(venues: readonly VenueUnderAudit[]): Promise<AuditorRig> {
    const [kafka, postgres, ...started] = await Promise.all([
      withTestKafka(),
      withTestPostgres(),
      ...venues.map(async (of) => ({ of, ...(await startSimulator(of.venue)) })),
    ]);
    await kafka.createTopics(TOPICS.map((name) => ({ name, partitions: 2 })));
    await emptyTopics(kafka);
    const url = await postgres.createDatabase('auditor');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    const database = await Database.open({ url, name: 'rig' });
    for (const { control } of started) await control.settings(QUICK);
    const producer = kafkaClient({ brokers: kafka.brokers }).producer();
    await producer.connect();
    const simulators = new Map(started.map((one) => [one.of.venue, one]));
    return new AuditorRig({ kafka, postgres, url, simulators, producer }, database);
  }

  book(venue: string): SimulatorControl {
    return this.simulator(venue).control;
  }

  async pay(venue: string, paid: PaidOutside, keyName = 'main'): Promise<boolean> {
    const { control, of } = this.simulator(venue);
    return of.pay(control, paid, await keyOf(control, keyName));
  }

  private simulator(venue: string): AuditedSimulator {
    const found = this.servers.simulators.get(venue);
    if (!found) throw new Error(`${venue} does not run`);
    return found;
  }

  private async environment(): Promise<Readonly<Record<string, string>>> {
    const keys = [...this.servers.simulators.values()].map(async ({ control, of }) =>
      of.environment(control.url, await keyOf(control, 'read_only')),
    );
    return {
      KAFKA_BROKERS: this.servers.kafka.brokers.join(),
      DATABASE_URL: asService(this.servers.url),
      MESSAGE_KEYS: testMessageKeysText('auditor'),
      AUDITOR_SIGNING_KEY: SIGNING_KEY,
      ...Object.assign({}, ...(await Promise.all(keys))),
    };
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    this.auditor = await ServiceProcess.start(MAIN, { ...(await this.environment()), ...env });
    return this.auditor;
  }

  async verify(since: Date): Promise<{ readonly code: number; readonly out: string }> {
    const empty = new URL(this.servers.url);
    empty.pathname = '/audit_verify';
    const environment = { ...(await this.environment()), AUDIT_VERIFY_DATABASE_URL: empty.href };
    return new Promise((resolve) =>
      execFile(
        process.execPath,
        [VERIFY, '--since', since.toISOString()],
        { env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...environment } },
        (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), out: `${stderr}${stdout}` }),
      ),
    );
  }

  ready(): Promise<void> {
    return eventually(async () => expect((await this.auditor?.get('/readyz'))?.status).toBe(200), {
      withinMs: 60_000,
      everyMs: 250,
    });
  }

  /** Collects the permits of the topic from its beginning. The caller ends the returned consumer. */
  async permits(onPermit: (statement: PermitStatement) => void): Promise<() => Promise<void>> {
    const consumer = kafkaClient({ brokers: this.servers.kafka.brokers }).consumer({
      groupId: randomUUID(),
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [auditorPermits.name], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        const headers = Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
        );
        const wire = { key: String(message.key), headers, value: String(message.value) };
        const decoded = decode(auditorPermits, wire);
        if (!decoded.ok) throw new Error(JSON.stringify(decoded.refusal));
        const statement = PUBLIC_KEYS.read(decoded.value.data.permit);
        if (!statement.ok) throw new Error(statement.refusal);
        onPermit(statement.value);
        return Promise.resolve();
      },
    });
    return () => consumer.disconnect();
  }

  async kill(): Promise<void> {
    await this.auditor?.stop();
    this.auditor = null;
  }

  async cpuSeconds(): Promise<number> {
    const text = (await (await this.auditor?.get('/metrics'))?.text()) ?? '';
    return Number(/^process_cpu_seconds_total\S* (\S+)/m.exec(text)?.[1]);
  }

  async close(): Promise<void> {
    await this.kill();
    await this.servers.producer.disconnect();
    await this.database.close();
    await Promise.all([...this.servers.simulators.values()].map((one) => one.stop()));
    await this.servers.postgres.stop();
  }

  /** Publishes an event of the ledger, with the MACs of consumer and follower. */
  ledger(type: LedgerType, data: Readonly<Record<string, unknown>>): Promise<void> {
    return this.publish('ledger', ledgerEvents.name, type, String(data['accountId']), data);
  }

  head(sequence: number, hash: string): Promise<void> {
    const data = { shard: '1', sequence: String(sequence), hash };
    return this.publish('ledger', ledgerChainHeads.name, 'ledger.chain-extended.v1', '1', data);
  }

  async fundedAccount(amount: string): Promise<string> {
    const accountId = randomUUID();
    await this.ledger('ledger.account-opened.v1', { accountId, name: 'Test' });
    await this.ledger('ledger.account-funded.v1', {
      accountId,
      asset: ASSET,
      amount,
      reference: 'test',
      entryId: randomUUID(),
    });
    return accountId;
  }

  async ordered(
    account: string,
    amount: string,
    address: string,
    venue: string,
  ): Promise<RigOrder> {
    const id = randomUUID();
    const order = {
      id,
      account,
      amount,
      address,
      clientReference: `w${id.slice(0, 8)}${'x'.repeat(16)}`,
    };
    await this.hold(order, venue);
    await this.order(order, venue);
    return order;
  }

  hold({ id, account, amount }: RigOrder, venue: string): Promise<void> {
    const digest = hash('sha256', id);
    return this.ledger('ledger.hold-placed.v1', {
      withdrawalId: id,
      accountId: account,
      asset: ASSET,
      amount,
      venue,
      digest,
      requestProof: signProof(REQUESTS, { says: 'requested', digest: digest }),
    });
  }

  order({ id, account, amount, address, clientReference }: RigOrder, venue: string): Promise<void> {
    return this.publish('intake-api', venueCommands(venue).name, 'venue.submit-withdrawal.v1', id, {
      withdrawalId: id,
      accountId: account,
      asset: ASSET,
      amount,
      notAfter: null,
      destination: { type: 'address', address },
      clientReference,
    });
  }

  ended({ id, account, amount }: RigOrder, how: 'captured' | 'released'): Promise<void> {
    const common = { withdrawalId: id, accountId: account, asset: ASSET, amount };
    return how === 'captured'
      ? this.ledger('ledger.hold-captured.v1', { ...common, fee: '0', entryId: randomUUID() })
      : this.ledger('ledger.hold-released.v1', common);
  }

  moved({ id, account, amount }: RigOrder, venue: string): Promise<void> {
    return this.ledger('ledger.hold-assigned.v1', {
      withdrawalId: id,
      accountId: account,
      asset: ASSET,
      amount,
      venue,
      timedReceipt: `2100-01-01T00:00:00.000Z~test.${'A'.repeat(43)}`,
    });
  }

  /** Publishes a hold as a writer at Kafka without the auditor's key: without MAC, or with a wrong one. */
  async forgedHold(account: string, mac: string | null): Promise<string> {
    const withdrawalId = randomUUID();
    const data = { withdrawalId, accountId: account, asset: ASSET, amount: '1' };
    const headers = mac === null ? {} : { 'sluice-mac-auditor': mac };
    await this.send(
      wireOf('ledger', ledgerEvents.name, 'ledger.hold-placed.v1', account, data),
      headers,
    );
    return withdrawalId;
  }

  findings(): Promise<FoundRow[]> {
    return this.database.query<FoundRow>(
      `SELECT kind, subject, scope, target, extract(epoch FROM opened_at - fact_at)::float8 AS seconds FROM finding ORDER BY id`,
    );
  }

  /** Findings with what the auditor knows now of the order of their payment. */
  findingsWithOrders(): Promise<object[]> {
    return this.database.query(
      `SELECT f.kind, f.evidence, f.opened_at, a.followed_through,
              (SELECT json_agg(o) FROM ${ORDERS} o WHERE o.client_reference = f.evidence -> 'payment' ->> 'client_reference') AS orders
         FROM finding f CROSS JOIN audit_progress a ORDER BY f.id`,
    );
  }

  /** Returns the status of the answer. */
  async closeFinding(id: string, person: string): Promise<number> {
    const auditor = this.auditor;
    if (!auditor) throw new Error('the auditor does not run');
    const response = await fetch(`http://127.0.0.1:${auditor.port}/internal/findings/${id}/close`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${auditor.issuer.tokenOf(person)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ reason: 'a test' }),
    });
    return response.status;
  }

  private publish(...message: Parameters<typeof wireOf>): Promise<void> {
    const [service] = message;
    const wire = wireOf(...message);
    const { consumer, followers } = wire;
    const signed =
      consumer === undefined
        ? wire
        : signMessage(testMessageKeys(service), consumer, wire, followers);
    return this.send(signed, {});
  }

  private async send(
    { topic, key, value, headers }: WireMessage,
    more: Readonly<Record<string, string>>,
  ): Promise<void> {
    const message = { key, value, headers: { ...headers, ...more } };
    await this.servers.producer.send({ topic, messages: [message] });
  }
}

function wireOf(
  service: string,
  topicName: string,
  type: string,
  subject: string,
  data: object,
): WireMessage {
  const topic = ALL_TOPICS.find(({ name }) => name === topicName);
  if (!topic) throw new Error(`no topic ${topicName}`);
  const envelope = { id: randomUUID(), source: service, subject, time: new Date().toISOString() };
  return encode(topic as never, { ...envelope, type, data });
}

/** Removes the messages of earlier files: Kafka is shared by the files of a process. */
async function emptyTopics({ brokers }: TestKafka): Promise<void> {
  const admin = kafkaClient({ brokers }).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...TOPICS] });
    for (const { name: topic, partitions } of topics)
      // a new topic has no leader at first
      await eventually(() =>
        admin.deleteTopicRecords({
          topic,
          partitions: partitions.map(({ partitionId: partition }) => ({ partition, offset: '-1' })),
        }),
      );
  } finally {
    await admin.disconnect();
  }
}
