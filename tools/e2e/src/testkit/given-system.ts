import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type ProcessName, type ServiceName, type System } from '@sluice/stack';
import { eventually, SimulatorControl } from '@sluice/testing';
import { Client } from 'pg';
import { Customer, type KeyWish } from './customer.js';
import { Doors } from './doors.js';
import { proveBooks } from './prove-books.js';

type Environment = Readonly<Record<string, string>>;

/** After `kill -9` a consumer group waits this long; shorter, a busy machine would lose members that live. */
const GROUP = { KAFKA_SESSION_MS: '2000' };

/** Times short enough for a test; the order between them is that of production (absence is later than a lost submit). */
const SHORT_TIMES: Readonly<Partial<Record<ServiceName, Environment>>> = {
  'intake-api': GROUP,
  ledger: GROUP,
  'connector-gateio': { ...GROUP, SUBMIT_TIMEOUT_MS: '1000', ABSENCE_AFTER_MS: '2000', POLL_INTERVAL_MS: '100', HALT_MS: '1000' },
};

export const SHORT_HANG_MS = 1_500;

/** The whole system as real processes on a data folder of its own, with everything a test needs to drive and to judge it. */
export class TestSystem {
  readonly doors = new Doors(() => this.system.run.internal);
  readonly venue: SimulatorControl;
  readonly customers: Customer[] = [];

  private constructor(
    readonly system: System,
    private readonly folder: string,
  ) {
    this.venue = new SimulatorControl(system.run.simulators.gateio);
  }

  static async start(): Promise<TestSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
    chmodSync(folder, 0o711); // PostgreSQL may run as another user and has to walk through
    const system = await startSystem({ home: folder, pace: 'fast', environment: SHORT_TIMES, logLevel: 'info' });
    const started = new TestSystem(system, folder);
    await started.venue.settings({ hang_ms: SHORT_HANG_MS });
    return started;
  }

  async stop(): Promise<void> {
    this.customers.forEach(({ api }) => api.close());
    await this.system.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A customer with 1,000,000 USDT on ETH, unless told how much. */
  async customer({ funds = '1000000', ...wish }: KeyWish & { funds?: string } = {}): Promise<Customer> {
    const customer = await Customer.open(this.doors, this.system.run.intake_url, wish);
    this.customers.push(customer);
    return customer.fund(funds);
  }

  /** A new life of the service that differs by `environment`; the lives after it do not, however short this one is. */
  async restartWith(service: ServiceName, environment: Environment): Promise<void> {
    await this.system.untilReady(service);
    const before = this.system.processes.get(service)?.pid();
    this.system.setEnv(service, { ...this.shortTimes(service), ...environment });
    const restarted = this.system.restart(service);
    await eventually(
      () => {
        const pid = this.system.processes.get(service)?.pid();
        if (pid === undefined || pid === before) throw new Error(`${service} has not been started again`);
      },
      { withinMs: 30_000, everyMs: 5 },
    );
    this.system.setEnv(service, this.shortTimes(service));
    await restarted;
  }

  /** Nothing waits to be published: what a service passes next is what a test makes it pass. */
  async outboxesDrained(): Promise<void> {
    const { databases } = this.system.run;
    for (const connectionString of Object.values(databases)) {
      const client = new Client({ connectionString });
      await client.connect();
      await eventually(async () => expect((await client.query('SELECT FROM outbox')).rowCount).toBe(0), { withinMs: 30_000, everyMs: 100 });
      await client.end();
    }
  }

  /** Ends a process without any goodbye; resolves when its next life is ready. */
  async killNow(name: ProcessName): Promise<void> {
    await this.system.kill(name);
    await this.system.untilReady(name);
  }

  shortTimes(service: ServiceName): Environment {
    return SHORT_TIMES[service] ?? {};
  }

  /** Where `run.json` is, for tools. */
  get runFile(): string {
    return join(this.folder, 'run.json');
  }

  /** Safety and liveness after a scenario: every invariant holds, and three books agree to the last digit. */
  async proveBooks(): Promise<void> {
    await proveBooks(this.doors, this.venue, this.customers);
  }

  /** A check that looked at no row has proven nothing. */
  async expectPopulated(): Promise<void> {
    for (const { service, populations } of await this.doors.invariants()) {
      const { withdrawals = 1, completed = 1, holds_captured = 1, entries_capture = 1, postings = 1, attempts = 1, settled = 1 } = populations;
      const rows = { withdrawals, completed, holds_captured, entries_capture, postings, attempts, settled };
      expect({ service, rows, empty: Object.values(rows).includes(0) }).toEqual({ service, rows, empty: false });
    }
  }
}
