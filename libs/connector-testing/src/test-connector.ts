import { randomUUIDv7 } from 'node:crypto';
import { CONNECTOR_ENTITIES, CONNECTOR_MIGRATIONS, type Logger } from '@sluice/connector-engine';
import { destinationOf, type WireDestination } from '@sluice/destination';
import { decode, orderDigest, recipientDigest, venueEvents, type Message } from '@sluice/messages';
import { Database, Outbox, PLATFORM_MIGRATIONS, UnitOfWork } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import type { SimulatorControl } from '@sluice/test-kit';
import type {
  ConnectorUnderTest,
  ContractOrder,
  ContractSubmission,
} from './venue-adapter-contract.js';
import type { ConnectorKit, VenueConnector } from './connector-kit.js';

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

/** A connector on a real database in front of the simulator; its events are read where the relay would take them. */
export class TestConnector implements ConnectorUnderTest {
  private readonly published: VenueEvent[] = [];

  private constructor(
    readonly connector: VenueConnector,
    readonly database: Database,
  ) {}

  static async start<Config>(
    kit: ConnectorKit<Config>,
    databaseUrl: string,
    simulator: SimulatorControl,
    change: Partial<Config> = {},
    logger: Logger = createLogger(`connector-${kit.venue}`, process.env['TEST_LOG'] ?? 'silent'),
  ): Promise<TestConnector> {
    const name = `connector-${kit.venue}`;
    const database = await Database.open({
      url: databaseUrl,
      name,
      migrations: [...PLATFORM_MIGRATIONS, ...CONNECTOR_MIGRATIONS],
      entities: CONNECTOR_ENTITIES,
    });
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, name, outbox);
    const config = { ...kit.config(await simulator.credentials()), ...change };
    const test = new TestConnector(kit.create({ database, unitOfWork, logger }, config), database);
    outbox.onCommitted((row) => {
      test.published.push(...row.messages.map(readEvent));
      void outbox.remove([row.id]);
    });
    await test.connector.start();
    return test;
  }

  async submit(
    orders: readonly ContractOrder[],
    notAfter: string | null = null,
    marks: OrderMarks = {},
  ): Promise<void> {
    await this.connector.engine.commands.handle(
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
    await this.connector.engine.commands.handle([
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
    return (await this.connector.engine.views.submission(
      withdrawalId,
    )) as ContractSubmission | null;
  }

  async decide(withdrawalId: string, decision: OperatorDecision): Promise<void> {
    const decided = await this.connector.engine.decisions.decide(withdrawalId, {
      decidedBy: null,
      ...decision,
    });
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  }

  async violations(): Promise<readonly object[]> {
    return (await this.connector.engine.invariants.check()).violations;
  }

  async stop(): Promise<void> {
    await this.connector.stop();
    await this.database.close();
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

function readEvent(wire: {
  key: string;
  headers: Readonly<Record<string, string>>;
  value: string;
}): VenueEvent {
  const event = decode(venueEvents, wire);
  if (!event.ok) throw new Error(JSON.stringify(event.refusal));
  return event.value;
}
