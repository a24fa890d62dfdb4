import type { ConnectorConfig } from '@sluice/connector-engine';
import type { Logger } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { SimulatedPayment, SimulatorControl } from '@sluice/test-kit';
import type { ContractForm, ContractOrder, VenueUnderTest } from './venue-adapter-contract.js';
import { ABSENCE_AFTER_MS, type ConnectorKit } from './connector-kit.js';
import { runUntilKilled } from './killed-connector.js';
import { startSimulator, type RunningSimulator } from './start-simulator.js';
import { TestConnector } from './test-connector.js';

/** A venue that pays at once, knows no rate limit, and hangs for longer than a connector waits. */
export const QUICK_VENUE = {
  rate_limits: { enabled: false },
  status_ms: 40,
  hang_ms: 900,
} as const;

/** A database server, the venue's simulator, and connectors between them, for one spec file. */
export class ConnectorBench<Config extends ConnectorConfig> {
  private postgres: TestPostgres | undefined;
  private simulation: RunningSimulator | undefined;
  private fault = new Error('the bench is not open');
  private running: TestConnector[] = [];

  constructor(private readonly kit: ConnectorKit<Config>) {}

  async open(settings: object = {}): Promise<void> {
    const starting = this.kit.simulator?.() ?? startSimulator(this.kit.venue);
    this.simulation = await starting.catch((error: unknown) => {
      throw (this.fault = error as Error); // Jest goes on after a failed beforeAll: what follows fails for the same reason
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

  /** An empty one, or a copy of one that nobody is connected to, as it is now. */
  database(copyOf?: string): Promise<string> {
    if (!this.postgres) throw this.fault;
    return this.postgres.createDatabase(`connector_${this.kit.venue.replaceAll('-', '_')}`, copyOf);
  }

  /** On a database of its own unless one is given. */
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

  /** Ends a connector as a deployment does, without asking for its invariants. */
  async end(connector: TestConnector): Promise<void> {
    this.running = this.running.filter((one) => one !== connector);
    await connector.stop();
  }

  /** Each that was started here and still runs. */
  async endAll(): Promise<void> {
    for (const connector of this.running) await this.end(connector);
  }

  /** The database of a connector that took the order and died at the crash point. */
  async killedAt(point: string, order: ContractOrder): Promise<string> {
    const database = await this.database();
    await runUntilKilled(this.kit.venue, { point, order, database, simulator: this.simulator.url });
    return database;
  }

  /** Stops what still runs and asks each connector whether its invariants hold. */
  async stopConnectors(): Promise<void> {
    const ended = this.running.splice(0);
    try {
      for (const connector of ended) expect(await connector.violations()).toEqual([]);
    } finally {
      await Promise.all(ended.map((connector) => connector.stop()));
    }
  }

  /** What the venue's book says was received in exactly this amount. */
  async payments(amount: string): Promise<SimulatedPayment[]> {
    return (await this.simulator.payments()).filter((payment) => payment.net_amount === amount);
  }

  /** Another of the simulator's keys, e.g. one without a permission; empty texts where it has none of that name. */
  async otherKey(name: string): Promise<{ apiKey: string; apiSecret: string; memo: string }> {
    const { other_keys: keys } = (await this.simulator.credentials()) as {
      other_keys: Readonly<Record<string, string>>[];
    };
    const {
      api_key: apiKey = '',
      api_secret: apiSecret = '',
      memo = '',
    } = keys.find((key) => key['name'] === name) ?? {};
    return { apiKey, apiSecret, memo };
  }

  /** What `describeVenueAdapter` drives. `balanceOf`: a currency whose balance the venue tells. */
  underTest(forms: readonly ContractForm[], balanceOf?: string): VenueUnderTest {
    return {
      forms,
      ...(balanceOf !== undefined && { balance: { currency: balanceOf, most: MOST } }),
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

/** Of each currency, in the simulators' books by default. */
const MOST = '1000000000';

/** A bench for every test of a file: cleared before each, its connectors checked and stopped after each. */
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

/** A bench for the contract suite, which needs one book from its first test to its last. */
export function contractBenchFor<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  settings: object = {},
): ConnectorBench<Config> {
  const bench = new ConnectorBench(kit);
  beforeAll(() => bench.open({ slow_listing_ms: 300, ...settings }));
  afterAll(() => bench.close());
  return bench;
}
