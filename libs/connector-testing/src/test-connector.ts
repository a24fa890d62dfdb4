import { randomUUIDv7 } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ROLES } from '@sluice/http-api';
import {
  Breaks,
  CommandHandler,
  connectorService,
  Decisions,
  SendGate,
  SubmissionViews,
  type ConnectorConfig,
} from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import { destinationOf, type WireDestination } from '@sluice/kernel';
import {
  AuditKeys,
  createLogger,
  createServiceApp,
  Halts,
  watcher,
  type Logger,
  type ServiceConfig,
} from '@sluice/service-shell';
import { testPlatform } from '@sluice/service-shell/testing';
import {
  connectorOf,
  decode,
  orderDigest,
  recipientDigest,
  venueEvents,
  WALLET,
  walletEvents,
  type Message,
  type VenueEvents,
  type WireMessage,
} from '@sluice/messages';
import { Database, Outbox, migrate, UnitOfWork, type InvariantReport } from '@sluice/postgres';
import { byTwo, testMessageKeys, vouchedFor, type SimulatorControl } from '@sluice/test-kit';
import { asOwner, asService, LocalIssuer, TEST_LOGIN } from '@sluice/test-servers';
import type {
  ConnectorUnderTest,
  ContractOrder,
  ContractSubmission,
} from './venue-adapter-contract.js';
import type { ConnectorKit } from './connector-kit.js';

interface OperatorDecision {
  readonly decision: 'paid' | 'absent' | 'returned';
  readonly evidence: string;
  readonly venueReference: string | null;
  readonly amount?: string;
}

const PEOPLE = ['R. Ortiz', 'L. Weber'] as const;

type VenueEvent = Message<VenueEvents>;

/** Command fields derived by intake-api. */
export interface OrderMarks {
  readonly clientReference?: string;
  readonly orderedAt?: string;
}

/** A connector's app without Kafka, on a real database in front of the simulator; its events are read where the relay would take them. */
export class TestConnector implements ConnectorUnderTest {
  private readonly published: VenueEvent[] = [];

  /** Superuser's connection, for the test's own statements. */
  readonly database: Database;
  /** Connection with the login of the service, as used by the app. */
  readonly service: Database;
  /** Checks the common invariants of connectors and the venue's own invariants. */
  readonly invariants: () => Promise<InvariantReport>;
  /** Runs the watch's invariant check once; the watch does the same every 20 s. */
  readonly look: () => Promise<boolean>;

  private constructor(
    private readonly venue: string,
    readonly app: NestFastifyApplication,
    connections: { readonly superuser: Database; readonly service: Database },
    checks: Pick<TestConnector, 'invariants' | 'look'>,
    readonly issuer: LocalIssuer,
  ) {
    this.database = connections.superuser;
    this.service = connections.service;
    this.invariants = checks.invariants;
    this.look = checks.look;
  }

  static async start<Config extends ConnectorConfig>(
    kit: ConnectorKit<Config>,
    databaseUrl: string,
    simulator: Pick<SimulatorControl, 'credentials'>,
    change: Partial<Config> = {},
    logger: Logger = createLogger(connectorOf(kit.venue), process.env['TEST_LOG'] ?? 'silent'),
  ): Promise<TestConnector> {
    const issuer = await LocalIssuer.start();
    const definition = connectorService({
      ...kit,
      config: {
        ...serviceConfig(kit.venue, databaseUrl, issuer.url),
        venueAccount: kit.venue,
        ...kit.config(await simulator.credentials()),
        ...change,
      },
    });
    const { name, schema, entities = [] } = definition;
    await migrate({ url: asOwner(databaseUrl), login: TEST_LOGIN, schema });
    const [database, looks] = await Promise.all([
      Database.open({ url: asService(databaseUrl), name, schema, entities }),
      Database.open({ url: databaseUrl, name: 'looks', entities }),
    ]);
    const messageKeys = testMessageKeys(name);
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, name, outbox);
    const platform = testPlatform(name, database, messageKeys, { logger, unitOfWork });
    const app = await createServiceApp(definition, platform);
    const invariants = () => definition.checkInvariants(database);
    const { invariantWatch: watch } = definition;
    const look = watch ? watcher({ database, logger, watch }) : () => Promise.resolve(true);
    const connections = { superuser: looks, service: database };
    const test = new TestConnector(kit.venue, app, connections, { invariants, look }, issuer);
    const topic = eventsOf(kit.venue);
    outbox.onCommitted((row) => {
      const events = row.messages.filter((message) => message.topic === topic.name);
      test.published.push(...events.map((message) => readEvent(topic, message)));
      // the server may be gone: a remaining row was published anyway
      outbox.remove([row.id]).catch(() => undefined);
    });
    await app.init();
    return test;
  }

  async takeBreaks(): Promise<readonly { readonly kind: string; readonly subject: string }[]> {
    const breaks = this.app.get(Breaks);
    const open = (await breaks.list()).filter(({ closedAt }) => closedAt === null);
    for (const { id, haltId } of open) {
      await breaks.close(id, 'a test', 'seen');
      await byTwo((caller) => this.halts.lift(haltId, 'seen', caller));
    }
    return open;
  }

  /** Authorization header of a person with all roles. */
  get operator() {
    return this.bearerOf('demo');
  }

  bearerOf(person: string) {
    return { authorization: `Bearer ${this.issuer.tokenOf(person)}` };
  }

  get halts(): Halts {
    return this.app.get(Halts);
  }

  /** Send gate of the connector: permission to send, or the reason against sending. */
  get gate(): SendGate {
    return this.app.get(SendGate);
  }

  async submit(
    orders: readonly ContractOrder[],
    notAfter: string | null = null,
    marks: OrderMarks = {},
  ): Promise<void> {
    await this.app.get(CommandHandler).handle(
      orders.map(({ withdrawalId, asset, amount, destination: to }) => {
        const destination = to as WireDestination;
        const terms = {
          withdrawalId,
          accountId: randomUUIDv7(),
          asset,
          amount,
          fee: '0',
          keyId: 'ck_1',
          destination,
          notAfter,
        };
        const recipient = recipientDigest(destinationOf(destination));
        const digest = orderDigest({ ...terms, recipientDigest: recipient });
        return {
          ...this.envelope(withdrawalId),
          type: 'venue.submit-withdrawal.v1',
          data: vouchedFor(this.venue, { ...terms, digest, ...marks }),
        };
      }),
    );
  }

  async cancel(withdrawalId: string): Promise<void> {
    await this.app.get(CommandHandler).handle([
      {
        ...this.envelope(withdrawalId),
        type: 'venue.cancel-withdrawal.v1',
        data: { withdrawalId, reason: 'requested by the customer' },
      },
    ]);
  }

  /** Requests the state of a withdrawal, like intake-api does for each order not yet ended. */
  async askFor(withdrawalId: string): Promise<void> {
    await this.app.get(CommandHandler).handle([
      {
        ...this.envelope(withdrawalId),
        type: 'venue.report-submissions.v1',
        data: { withdrawalId, items: [{ withdrawalId, state: 'submitting' }] },
      },
    ]);
  }

  async endPause(withdrawalId: string): Promise<void> {
    await this.database.query(
      'UPDATE submission SET next_action_at = clock_timestamp() WHERE withdrawal_id = $1',
      [withdrawalId],
    );
  }

  events(withdrawalId: string): VenueEvent[] {
    return this.published.filter((event) => event.data.withdrawalId === withdrawalId);
  }

  async submission(withdrawalId: string): Promise<ContractSubmission | null> {
    return this.app.get(SubmissionViews).submission(withdrawalId);
  }

  async decide(withdrawalId: string, decision: OperatorDecision): Promise<void> {
    for (const name of PEOPLE) await this.say(name, withdrawalId, decision);
  }

  /** Sends one person's decision, which takes effect with the same decision of a second person. */
  async say(name: string, withdrawalId: string, decision: OperatorDecision): Promise<void> {
    const caller = { kind: 'person', name, roles: ROLES, client: 'sluice-cli' } as const;
    const decided = await this.app.get(Decisions).decide(withdrawalId, decision, caller);
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  }

  async violations(): Promise<readonly object[]> {
    return (await this.invariants()).violations;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.issuer.stop();
    await Promise.all([this.service.close(), this.database.close()]);
  }

  private envelope(withdrawalId: string) {
    return {
      id: randomUUIDv7(),
      source: 'test',
      subject: withdrawalId,
      time: this.database.clock.now().toISOString(),
    };
  }
}

function serviceConfig(venue: string, databaseUrl: string, oidcIssuer: string): ServiceConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    brokers: [],
    kafkaPrefix: '',
    kafkaMechanism: 'scram-sha-512',
    kafkaUsername: null,
    kafkaPassword: new Secret(''),
    kafkaTokenUrl: '',
    httpKeepAliveMs: 1_000,
    kafkaScope: '',
    kafkaTokenCaFile: null,
    kafkaTls: false,
    kafkaCaFile: null,
    kafkaCertFile: null,
    kafkaKeyFile: null,
    tlsCertFile: null,
    tlsKeyFile: null,
    internalCaFile: null,
    version: 'a test',
    tlsElsewhere: false,
    kafkaSessionMs: 6_000,
    venueAccounts: [],
    databaseUrl: new Secret(databaseUrl),
    messageKeys: testMessageKeys(connectorOf(venue)),
    oidcIssuer,
    oidcAudience: 'sluice',
    oidcJwksUrl: '',
    oidcCaFile: null,
    outgoingProxyUrl: new Secret(''),
    outgoingNoProxy: [],
    oidcRolesClaim: 'roles',
    clientsWithoutPasskey: ['sluice-cli'],
    serviceCallers: new Secret('{}'),
    auditKeys: AuditKeys.ofDevelopment(),
    nodeEnv: 'development',
    metricsToken: new Secret(''),
    logLevel: 'silent',
    otlpEndpoint: '',
    otlpHeaders: new Secret(''),
    otlpCaFile: null,
    traceSampleRatio: 0,
    retentionDays: 30,
  };
}

/** A venue may report more event types than the common types. */
function eventsOf(venue: string): VenueEvents {
  return venue === WALLET ? walletEvents : venueEvents(venue);
}

function readEvent(
  topic: VenueEvents,
  wire: Pick<WireMessage, 'key' | 'headers' | 'value'>,
): VenueEvent {
  const event = decode(topic, wire);
  if (!event.ok) throw new Error(JSON.stringify(event.refusal));
  return event.value;
}
