import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '@sluice/connector-testing';
import {
  ALL_TOPICS,
  encode,
  ledgerChainHeads,
  ledgerEvents,
  topicsConsumedBy,
  venueCommands,
  type WireMessage,
} from '@sluice/messages';
import { Database, migrate } from '@sluice/postgres';
import { signMessage } from '@sluice/signing';
import { eventually, testMessageKeys, testMessageKeysText } from '@sluice/test-kit';
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
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import { keyOf } from './venue-thief.js';

const MAIN = join(workspaceRoot(), 'apps/auditor/dist/main.js');
const TOPICS = topicsConsumedBy('auditor');
const ASSET = 'USDT.ETH';
const QUICK = { rate_limits: { enabled: false }, status_ms: 40 };

type LedgerType = keyof (typeof ledgerEvents)['types'];

export interface Order {
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

interface Servers {
  readonly kafka: TestKafka;
  readonly postgres: TestPostgres;
  readonly url: string;
  readonly simulators: Readonly<Record<'gateio' | 'bybit', RunningSimulator>>;
  readonly producer: ReturnType<ReturnType<typeof kafkaClient>['producer']>;
}

/**
 * The auditor as a process between real servers: Kafka with messages of ledger and intake-api, and
 * the venues' simulators. The rig signs as ledger and intake-api do.
 */
export class AuditorRig {
  private auditor: ServiceProcess | null = null;

  private constructor(
    private readonly servers: Servers,
    /** The login of the owner. */
    readonly database: Database,
  ) {}

  static async open(): Promise<AuditorRig> {
    const [kafka, postgres, gateio, bybit] = await Promise.all([
      withTestKafka(),
      withTestPostgres(),
      startSimulator('gateio'),
      startSimulator('bybit'),
    ]);
    await kafka.createTopics(TOPICS.map((name) => ({ name, partitions: 2 })));
    const url = await postgres.createDatabase('auditor');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    const database = await Database.open({ url, name: 'rig' });
    for (const { control } of [gateio, bybit]) await control.settings(QUICK);
    const producer = kafkaClient({ brokers: kafka.brokers }).producer();
    await producer.connect();
    const simulators = { gateio, bybit };
    return new AuditorRig({ kafka, postgres, url, simulators, producer }, database);
  }

  get gateio() {
    return this.servers.simulators.gateio.control;
  }

  get bybit() {
    return this.servers.simulators.bybit.control;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const [gate, bybit] = [
      await keyOf(this.gateio, 'read_only'),
      await keyOf(this.bybit, 'read_only'),
    ];
    this.auditor = await ServiceProcess.start(MAIN, {
      KAFKA_BROKERS: this.servers.kafka.brokers.join(),
      DATABASE_URL: asService(this.servers.url),
      MESSAGE_KEYS: testMessageKeysText('auditor'),
      GATEIO_BASE_URL: `${this.gateio.url}/api/v4`,
      GATEIO_AUDIT_API_KEY: gate.api_key,
      GATEIO_AUDIT_API_SECRET: gate.api_secret,
      BYBIT_BASE_URL: this.bybit.url,
      BYBIT_AUDIT_API_KEY: bybit.api_key,
      BYBIT_AUDIT_API_SECRET: bybit.api_secret,
      ...env,
    });
    return this.auditor;
  }

  ready(): Promise<void> {
    return eventually(async () => expect((await this.auditor?.get('/readyz'))?.status).toBe(200), {
      withinMs: 60_000,
      everyMs: 250,
    });
  }

  /** Ends the process with SIGKILL. */
  async kill(): Promise<void> {
    await this.auditor?.stop();
    this.auditor = null;
  }

  output(): string {
    return this.auditor?.output() ?? '';
  }

  async close(): Promise<void> {
    await this.kill();
    await this.servers.producer.disconnect();
    await this.database.close();
    await Promise.all([
      this.servers.simulators.gateio.stop(),
      this.servers.simulators.bybit.stop(),
    ]);
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

  /** Publishes hold and order of a withdrawal. */
  async ordered(
    account: string,
    amount: string,
    address: string,
    venue = 'gateio',
  ): Promise<Order> {
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

  hold({ id, account, amount }: Order, venue = 'gateio'): Promise<void> {
    return this.ledger('ledger.hold-placed.v1', {
      withdrawalId: id,
      accountId: account,
      asset: ASSET,
      amount,
      venue,
    });
  }

  order({ id, account, amount, address, clientReference }: Order, venue: string): Promise<void> {
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

  ended({ id, account, amount }: Order, how: 'captured' | 'released'): Promise<void> {
    const common = { withdrawalId: id, accountId: account, asset: ASSET, amount };
    return how === 'captured'
      ? this.ledger('ledger.hold-captured.v1', { ...common, fee: '0', entryId: randomUUID() })
      : this.ledger('ledger.hold-released.v1', common);
  }

  moved({ id, account, amount }: Order, venue: string): Promise<void> {
    return this.ledger('ledger.hold-assigned.v1', {
      withdrawalId: id,
      accountId: account,
      asset: ASSET,
      amount,
      venue,
      receipt: `test.${'A'.repeat(43)}`,
    });
  }

  /** Findings with the seconds from the later fact to the finding. */
  findings(): Promise<FoundRow[]> {
    return this.database.query<FoundRow>(
      `SELECT kind, subject, scope, target, extract(epoch FROM opened_at - fact_at)::float8 AS seconds FROM finding ORDER BY id`,
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

  private async publish(
    service: string,
    topicName: string,
    type: string,
    subject: string,
    data: object,
  ): Promise<void> {
    const topic = ALL_TOPICS.find(({ name }) => name === topicName);
    if (!topic) throw new Error(`no topic ${topicName}`);
    const envelope = { id: randomUUID(), source: service, subject, time: new Date().toISOString() };
    const wire: WireMessage = encode(topic as never, { ...envelope, type, data });
    const { consumer, followers } = wire;
    const { headers, key, value } =
      consumer === undefined
        ? wire
        : signMessage(testMessageKeys(service), consumer, wire, followers);
    await this.servers.producer.send({
      topic: topicName,
      messages: [{ key, value, headers: { ...headers } }],
    });
  }
}
