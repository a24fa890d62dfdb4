import type { ConnectorConfig } from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import type { Logger } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { SimulatedPayment, SimulatorControl } from '@sluice/test-kit';
import type { ContractForm, ContractOrder, VenueUnderTest } from './venue-adapter-contract.js';
import {
  ABSENCE_AFTER_MS,
  type ConnectorKit,
  QUICK_STATUS_MS,
  type RunningSimulator,
  startSimulator,
} from './connector-kit.js';
import { runUntilKilled } from './killed-connector.js';
import { TestConnector } from './test-connector.js';

/** Immediate payments, no rate limit, and hangs longer than a connector's timeout. */
const QUICK_VENUE = {
  rate_limits: { enabled: false },
  status_ms: QUICK_STATUS_MS,
  hang_ms: 900,
} as const;

/** A database server, the venue's simulator, and connectors between them. */
export class ConnectorBench<Config extends ConnectorConfig> {
  private postgres: TestPostgres | undefined;
  private simulation: RunningSimulator | undefined;
  private fault = new Error('the bench is not open');
  private running: TestConnector[] = [];

  constructor(private readonly kit: ConnectorKit<Config>) {}

  async open(settings: object = {}): Promise<void> {
    const starting = this.kit.simulator?.() ?? startSimulator(this.kit.venue);
    this.simulation = await starting.catch((error: unknown) => {
      // Jest continues after a failed beforeAll: later tests fail for the same reason
      throw (this.fault = error as Error);
    });
    this.postgres = await withTestPostgres();
    await this.simulator.settings({ ...QUICK_VENUE, ...settings });
  }

  get simulator(): SimulatorControl {
    if (!this.simulation) throw this.fault;
    return this.simulation.control;
  }

  /** An empty book, no faults, quick settings. */
  async clear(): Promise<void> {
    await this.simulator.reset();
    await this.simulator.settings(QUICK_VENUE);
  }

  database(copyOf?: string): Promise<string> {
    if (!this.postgres) throw this.fault;
    return this.postgres.createDatabase(`connector_${this.kit.venue.replaceAll('-', '_')}`, copyOf);
  }

  /** Starts a connector (default: on a new database). */
  async connector(
    change: Partial<Config> = {},
    database?: string,
    logger?: Logger,
  ): Promise<TestConnector> {
    const connector = await TestConnector.start(
      this.kit,
      database ?? (await this.database()),
      this.simulator,
      change,
      logger,
    );
    this.running.push(connector);
    return connector;
  }

  async restart(
    connector: TestConnector,
    database: string,
    change: Partial<Config> = {},
  ): Promise<TestConnector> {
    await this.end(connector);
    return this.connector(change, database);
  }

  /** Stops a connector like a deployment, without checking the invariants. */
  async end(connector: TestConnector): Promise<void> {
    this.running = this.running.filter((one) => one !== connector);
    await connector.stop();
  }

  async endAll(): Promise<void> {
    for (const connector of this.running) await this.end(connector);
  }

  /** Returns the database of a connector killed at the crash point after taking the order. */
  async killedAt(point: string, order: ContractOrder): Promise<string> {
    const database = await this.database();
    await runUntilKilled(this.kit.venue, { point, order, database, simulator: this.simulator.url });
    return database;
  }

  /** Stops all running connectors and checks the invariants of each. */
  async stopConnectors(): Promise<void> {
    const ended = this.running.splice(0);
    try {
      for (const connector of ended) expect(await connector.violations()).toEqual([]);
    } finally {
      await Promise.all(ended.map((connector) => connector.stop()));
    }
  }

  /** Returns the venue's payments with exactly this amount received. */
  async payments(amount: string): Promise<SimulatedPayment[]> {
    return (await this.simulator.payments()).filter((payment) => payment.net_amount === amount);
  }

  /** Returns another of the simulator's keys; empty texts for an unknown name. */
  async otherKey(name: string): Promise<{ apiKey: string; apiSecret: Secret; memo: Secret }> {
    const { other_keys: keys } = (await this.simulator.credentials()) as {
      other_keys: Readonly<Record<string, string>>[];
    };
    const {
      api_key: apiKey = '',
      api_secret: apiSecret = '',
      memo = '',
    } = keys.find((key) => key['name'] === name) ?? {};
    return { apiKey, apiSecret: new Secret(apiSecret), memo: new Secret(memo) };
  }

  /** Subject of `describeVenueAdapter`. `balanceOf`: a currency whose balance the venue reports. */
  underTest(
    forms: readonly ContractForm[],
    { balanceOf, notPaid }: { balanceOf?: string; notPaid?: VenueUnderTest['notPaid'] } = {},
  ): VenueUnderTest {
    return {
      forms,
      ...(balanceOf !== undefined && { balance: { currency: balanceOf, most: MOST } }),
      ...(notPaid && { notPaid }),
      simulator: () => this.simulator,
      start: async () => TestConnector.start(this.kit, await this.database(), this.simulator),
      resendWouldShowWithinMs: ABSENCE_AFTER_MS + 1_500,
    };
  }

  async close(): Promise<void> {
    await this.simulation?.stop();
    await this.postgres?.stop();
  }
}

const MOST = '1000000000';

/** A bench for all tests of a file: cleared before each test, checked and stopped after it. */
export function benchFor<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
): ConnectorBench<Config> {
  const bench = new ConnectorBench(kit);
  beforeAll(() => bench.open());
  beforeEach(() => bench.clear());
  afterEach(() => bench.stopConnectors());
  afterAll(() => bench.close());
  return bench;
}

/** Creates a bench for the contract suite, with the same book from the first test to the last. */
export function contractBenchFor<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  settings: object = {},
): ConnectorBench<Config> {
  const bench = new ConnectorBench(kit);
  beforeAll(() => bench.open({ slow_listing_ms: 300, ...settings }));
  afterAll(() => bench.close());
  return bench;
}
