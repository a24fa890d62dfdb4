import { randomUUIDv7 } from 'node:crypto';
import { CONNECTOR_MIGRATIONS, type RateRules } from '@sluice/connector-runtime';
import { decode, venueEvents, type Destination, type Message } from '@sluice/messages';
import { Database, Outbox, PLATFORM_MIGRATIONS, UnitOfWork } from '@sluice/postgres';
import { createLogger, Secret } from '@sluice/service-shell';
import type { ConnectorUnderTest, ContractOrder, ContractSubmission, SimulatorControl } from '@sluice/testing';
import { UpvestConnector, type UpvestVenueConfig } from '../connector-upvest.js';

export type VenueEvent = Message<typeof venueEvents>;

/** A connector on a real database in front of the simulator; its events are read where the relay would take them. */
export class TestConnector implements ConnectorUnderTest {
  private readonly published: VenueEvent[] = [];

  private constructor(
    readonly connector: UpvestConnector,
    readonly database: Database,
    readonly unitOfWork: UnitOfWork,
  ) {}

  static async start(databaseUrl: string, simulator: SimulatorControl, change: Partial<UpvestVenueConfig> = {}): Promise<TestConnector> {
    const database = await Database.open({
      url: databaseUrl,
      name: 'connector-upvest',
      migrations: [...PLATFORM_MIGRATIONS, ...CONNECTOR_MIGRATIONS],
    });
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, 'connector-upvest', outbox);
    const logger = createLogger('connector-upvest', process.env['TEST_LOG'] ?? 'silent');
    const test = new TestConnector(
      UpvestConnector.create({ database, unitOfWork, logger }, await configFor(simulator, change)),
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
  'POST /payments/withdrawals': WIDE,
  'GET /payments/withdrawals/{id}': WIDE,
  'GET /account_groups/{id}/payments/withdrawals': WIDE,
  'DELETE /payments/withdrawals/{id}': WIDE,
  'POST /auth/token': WIDE,
} as const satisfies RateRules;

async function configFor(simulator: SimulatorControl, change: Partial<UpvestVenueConfig>): Promise<UpvestVenueConfig> {
  const {
    client_id: clientId,
    client_secret: clientSecret,
    key_id: keyId,
    private_key: privateKey,
    base_url: baseUrl,
  } = await simulator.credentials();
  return {
    baseUrl: String(baseUrl),
    clientId: String(clientId),
    clientSecret: new Secret(String(clientSecret)),
    keyId: String(keyId),
    privateKey: new Secret(String(privateKey)),
    scopes: 'payments:admin payments:read',
    ratePlan: WIDE_PLAN,
    pollIntervalMs: 100,
    submitTimeoutMs: 400,
    absenceAfterMs: ABSENCE_AFTER_MS,
    replayForMs: 60_000,
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
