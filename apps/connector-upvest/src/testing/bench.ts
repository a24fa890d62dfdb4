import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { eventually, type ContractOrder, type SimulatedPayment, type SimulatorControl } from '@sluice/testing';
import type { UpvestVenueConfig } from '../connector-upvest.js';
import { usersOf, type TestUser } from './orders.js';
import { startUpvestSimulator, type RunningSimulator } from './start-simulator.js';
import { TestConnector } from './start-connector.js';

const QUICK = { rate_limits: { enabled: false }, status_ms: 40, hang_ms: 900 };

/** A simulator, a database server and connectors between them, for one spec file. */
export class Bench {
  private running: TestConnector[] = [];

  private constructor(
    private readonly postgres: TestPostgres,
    private readonly simulation: RunningSimulator,
    readonly users: readonly TestUser[],
  ) {}

  static async open(): Promise<Bench> {
    const [postgres, simulation] = [await withTestPostgres(), await startUpvestSimulator()];
    return new Bench(postgres, simulation, await usersOf(simulation.control));
  }

  get simulator(): SimulatorControl {
    return this.simulation.control;
  }

  get user(): TestUser {
    const [first] = this.users;
    if (!first) throw new Error('the simulator has no user');
    return first;
  }

  async clear(): Promise<void> {
    await this.simulator.reset();
    await this.simulator.settings(QUICK);
  }

  database(): Promise<string> {
    return this.postgres.createDatabase('connector_upvest');
  }

  async connector(change: Partial<UpvestVenueConfig> = {}, database?: string): Promise<TestConnector> {
    const connector = await TestConnector.start(database ?? (await this.database()), this.simulator, change);
    this.running.push(connector);
    return connector;
  }

  /** Stops what still runs and asks each connector whether its invariants hold. */
  async stopConnectors(): Promise<void> {
    const ended = this.running.splice(0);
    for (const connector of ended) expect(await connector.violations()).toEqual([]);
    await Promise.all(ended.map((connector) => connector.stop()));
  }

  async restart(connector: TestConnector, database: string, change: Partial<UpvestVenueConfig> = {}): Promise<TestConnector> {
    this.running = this.running.filter((one) => one !== connector);
    await connector.stop();
    return this.connector(change, database);
  }

  async payments(order: ContractOrder): Promise<SimulatedPayment[]> {
    return (await this.simulator.payments()).filter((payment) => payment.net_amount === order.amount);
  }

  async close(): Promise<void> {
    await this.simulation.stop();
    await this.postgres.stop();
  }
}

export const types = (connector: TestConnector, order: ContractOrder): string[] =>
  connector.events(order.withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));

export const happens = (connector: TestConnector, order: ContractOrder, type: string): Promise<void> =>
  eventually(() => expect(types(connector, order)).toContain(type), { withinMs: 15_000 });

export const becomes = (connector: TestConnector, order: ContractOrder, state: string): Promise<void> =>
  eventually(async () => expect((await connector.submission(order.withdrawalId))?.state).toBe(state), { withinMs: 15_000 });
