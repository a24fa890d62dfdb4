import { randomUUIDv7 } from 'node:crypto';
import { CONNECTOR_MIGRATIONS, type Logger, type RateRules } from '@sluice/connector-runtime';
import { decode, venueEvents, type Destination, type Message } from '@sluice/messages';
import { Database, Outbox, PLATFORM_MIGRATIONS, UnitOfWork } from '@sluice/postgres';
import { createLogger, Secret } from '@sluice/service-shell';
import type { ConnectorUnderTest, ContractOrder, ContractSubmission, SimulatorControl } from '@sluice/testing';
import { BitmartConnector, type BitmartVenueConfig } from '../connector-bitmart.js';

export type VenueEvent = Message<typeof venueEvents>;

/** A connector on a real database in front of the simulator; its events are read where the relay would take them. */
export class TestConnector implements ConnectorUnderTest {
  private readonly published: VenueEvent[] = [];

  private constructor(
    readonly connector: BitmartConnector,
    readonly database: Database,
    readonly unitOfWork: UnitOfWork,
  ) {}

  static async start(
    databaseUrl: string,
    simulator: SimulatorControl,
    change: Partial<BitmartVenueConfig> = {},
    logger: Logger = createLogger('connector-bitmart', process.env['TEST_LOG'] ?? 'silent'),
  ): Promise<TestConnector> {
    const database = await Database.open({
      url: databaseUrl,
      name: 'connector-bitmart',
      migrations: [...PLATFORM_MIGRATIONS, ...CONNECTOR_MIGRATIONS],
    });
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, 'connector-bitmart', outbox);
    const test = new TestConnector(
      BitmartConnector.create({ database, unitOfWork, logger }, await configFor(simulator, change)),
      database,
      unitOfWork,
    );
    outbox.handOver((row) => {
      test.published.push(...row.messages.map(readEvent));
      void outbox.remove([row.id]);
    });
    await test.connector.start();
    return test;
  }

  async submit(orders: readonly ContractOrder[], notAfter: string | null = null): Promise<void> {
    await this.connector.runtime.intake.take(
      orders.map(({ withdrawalId, asset, amount, destination }) => ({
        ...this.envelope(withdrawalId),
        type: 'venue.submit-withdrawal.v1',
        data: { withdrawalId, accountId: randomUUIDv7(), asset, amount, destination: destination as Destination, notAfter },
      })),
    );
  }

  async cancel(withdrawalId: string): Promise<void> {
    await this.connector.runtime.intake.take([
      { ...this.envelope(withdrawalId), type: 'venue.cancel-withdrawal.v1', data: { withdrawalId, reason: 'the customer asked for it' } },
    ]);
  }

  events(withdrawalId: string): VenueEvent[] {
    return this.published.filter((event) => event.data.withdrawalId === withdrawalId);
  }

  async submission(withdrawalId: string): Promise<ContractSubmission | null> {
    return (await this.connector.runtime.views.submission(withdrawalId)) as ContractSubmission | null;
  }

  async decide(withdrawalId: string, decision: { decision: 'paid' | 'absent'; evidence: string; venueReference: string | null }): Promise<void> {
    const decided = await this.connector.runtime.decisions.decide(withdrawalId, decision);
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  }

  async violations(): Promise<readonly object[]> {
    return (await this.connector.runtime.invariants.check()).violations;
  }

  async stop(): Promise<void> {
    await this.connector.stop();
    await this.database.close();
  }

  private envelope(withdrawalId: string) {
    return { id: randomUUIDv7(), source: 'test', subject: withdrawalId, time: new Date().toISOString() };
  }
}

export const ABSENCE_AFTER_MS = 1_200;

const WIDE = { limit: 10_000, perMs: 1_000 };
export const WIDE_PLAN = {
  'POST /account/v1/withdraw/apply': WIDE,
  'GET /account/v2/deposit-withdraw/history': WIDE,
  'GET /account/v1/deposit-withdraw/detail': WIDE,
  'GET /account/v1/withdraw/charge': WIDE,
  'GET /account/v1/currencies': WIDE,
} as const satisfies RateRules;

async function configFor(simulator: SimulatorControl, change: Partial<BitmartVenueConfig>): Promise<BitmartVenueConfig> {
  const { api_key: apiKey, api_secret: apiSecret, memo, base_url: baseUrl } = await simulator.credentials();
  return {
    baseUrl: String(baseUrl),
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    memo: new Secret(String(memo)),
    amountIs: 'gross',
    refuseFrom: new Date('2099-01-01T00:00:00Z'),
    ratePlan: WIDE_PLAN,
    pollIntervalMs: 100,
    submitTimeoutMs: 400,
    absenceAfterMs: ABSENCE_AFTER_MS,
    concurrency: 32,
    haltMs: 1_000,
    ...change,
  };
}

function readEvent(wire: { key: string; headers: Readonly<Record<string, string>>; value: string }): VenueEvent {
  const event = decode(venueEvents, wire);
  if (!event.ok) throw new Error(JSON.stringify(event.refusal));
  return event.value;
}
