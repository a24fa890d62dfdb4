import { randomUUIDv7 } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  CommandHandler,
  connectorService,
  Decisions,
  Halts,
  SendGate,
  SubmissionViews,
  type ConnectorConfig,
} from '@sluice/connector-engine';
import { Secret } from '@sluice/config';
import { destinationOf, type WireDestination } from '@sluice/destination';
import { decode, orderDigest, recipientDigest, venueEvents, type Message } from '@sluice/messages';
import {
  Database,
  DeadLetters,
  Outbox,
  migrate,
  SkippedBatches,
  UnitOfWork,
  type InvariantReport,
} from '@sluice/postgres';
import {
  createLogger,
  createServiceApp,
  Health,
  type Logger,
  type ServiceConfig,
} from '@sluice/service-shell';
import type { SimulatorControl } from '@sluice/test-kit';
import { asOwner, asService, TEST_LOGIN } from '@sluice/test-servers';
import type {
  ConnectorUnderTest,
  ContractOrder,
  ContractSubmission,
} from './venue-adapter-contract.js';
import type { ConnectorKit } from './connector-kit.js';

interface OperatorDecision {
  readonly decision: 'paid' | 'absent';
  readonly evidence: string;
  readonly venueReference: string | null;
  readonly decidedBy?: string;
}

export type VenueEvent = Message<typeof venueEvents>;

/** Fields of a command that intake-api derives. */
export interface OrderMarks {
  readonly clientReference?: string;
  readonly orderedAt?: string;
}

/** What operators identify themselves with at a connector under test. */
export const OPERATOR = { authorization: 'Bearer operator' } as const;

/** A connector's app without Kafka, on a real database in front of the simulator; its events are read where the relay would take them. */
export class TestConnector implements ConnectorUnderTest {
  private readonly published: VenueEvent[] = [];

  private constructor(
    readonly app: NestFastifyApplication,
    /** The superuser's connection: what a test plants and looks at. The app has the login of a service. */
    readonly database: Database,
    private readonly service: Database,
    /** Those that every connector has, and the venue's own. */
    readonly invariants: () => Promise<InvariantReport>,
  ) {}

  static async start<Config extends ConnectorConfig>(
    kit: ConnectorKit<Config>,
    databaseUrl: string,
    simulator: SimulatorControl,
    change: Partial<Config> = {},
    logger: Logger = createLogger(`connector-${kit.venue}`, process.env['TEST_LOG'] ?? 'silent'),
  ): Promise<TestConnector> {
    const definition = connectorService({
      ...kit,
      config: {
        ...serviceConfig(databaseUrl),
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
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, name, outbox);
    const app = await createServiceApp(definition, {
      ...{ name, logger, database, unitOfWork, clock: database.clock, health: new Health() },
      deadLetters: new DeadLetters(database),
      skipped: new SkippedBatches(database),
      onLogLoss: () => undefined,
    });
    const test = new TestConnector(app, looks, database, () =>
      definition.checkInvariants(database),
    );
    outbox.onCommitted((row) => {
      test.published.push(...row.messages.map(readEvent));
      void outbox.remove([row.id]);
    });
    await app.init();
    return test;
  }

  get halts(): Halts {
    return this.app.get(Halts);
  }

  /** Whether it may send, and why not. */
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
          destination,
          notAfter,
        };
        const recipient = recipientDigest(destinationOf(destination));
        const digest = orderDigest({ ...terms, recipientDigest: recipient });
        return {
          ...this.envelope(withdrawalId),
          type: 'venue.submit-withdrawal.v1',
          data: { ...terms, digest, ...marks },
        };
      }),
    );
  }

  async cancel(withdrawalId: string): Promise<void> {
    await this.app.get(CommandHandler).handle([
      {
        ...this.envelope(withdrawalId),
        type: 'venue.cancel-withdrawal.v1',
        data: { withdrawalId, reason: 'the customer asked for it' },
      },
    ]);
  }

  events(withdrawalId: string): VenueEvent[] {
    return this.published.filter((event) => event.data.withdrawalId === withdrawalId);
  }

  async submission(withdrawalId: string): Promise<ContractSubmission | null> {
    return this.app.get(SubmissionViews).submission(withdrawalId);
  }

  async decide(withdrawalId: string, decision: OperatorDecision): Promise<void> {
    const decided = await this.app.get(Decisions).decide(withdrawalId, {
      decidedBy: null,
      ...decision,
    });
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  }

  async violations(): Promise<readonly object[]> {
    return (await this.invariants()).violations;
  }

  async stop(): Promise<void> {
    await this.app.close();
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

function serviceConfig(databaseUrl: string): ServiceConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    brokers: [],
    recordCodec: 'ours',
    kafkaSessionMs: 6_000,
    databaseUrl: new Secret(databaseUrl),
    internalToken: new Secret('operator'),
    logLevel: 'silent',
    retentionDays: 30,
  };
}

function readEvent(wire: {
  key: string;
  headers: Readonly<Record<string, string>>;
  value: string;
}): VenueEvent {
  const event = decode(venueEvents, wire);
  if (!event.ok) throw new Error(JSON.stringify(event.refusal));
  return event.value;
}
