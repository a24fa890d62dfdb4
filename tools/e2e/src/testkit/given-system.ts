import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecidedDto, DecideDto, HaltDto } from '@sluice/admin-api';
import { approvedBy } from '@sluice/admin-client';
import {
  AdminClients,
  APPROVER,
  isSimulated,
  QUICK_PROOFS,
  ofEach,
  SERVICE_NAMES,
  startSystem,
  SIMULATED_NAMES,
  type ProcessName,
  type ProgramName,
  type SimulatedName,
  type System,
  type FirstVenue,
  type VenueName,
} from '@sluice/stack';
import { eventually, SimulatorControl } from '@sluice/test-kit';
import { Client } from 'pg';
import { ChainBook, type Network } from './chain-book.js';
import { Customer, type KeyWish } from './customer.js';
import { proveBooks } from './prove-books.js';

type Environment = Readonly<Record<string, string>>;

/** After `kill -9` a consumer group waits this long; shorter, a busy machine would lose members that live. */
const GROUP = { KAFKA_SESSION_MS: '2000' };

/** Times short enough for a test; the order between them is that of production (absence is later than a lost submit). */
const SHORT_TIMES: Environment = {
  ...GROUP,
  ...QUICK_PROOFS,
  SUBMIT_TIMEOUT_MS: '1000',
  ABSENCE_AFTER_MS: '2000',
  HONOURED_FOR_MS: '1000',
  POLL_INTERVAL_MS: '100',
  HALT_MS: '1000',
};

export function shortTimes(service: string): Environment {
  return service.startsWith('connector-') ? SHORT_TIMES : GROUP;
}

export const SHORT_HANG_MS = 1_500;

/** The whole system as real processes on a data folder of its own, with everything a test needs to drive and to judge it. */
export class TestSystem {
  readonly admin = new AdminClients(() => this.system.run);
  /** Another person, who approves what `admin` has asked for. */
  readonly approver = new AdminClients(() => this.system.run, APPROVER);
  /** Gate.io, where most tests pay. */
  readonly venue: SimulatorControl;
  readonly customers: Customer[] = [];

  private constructor(
    readonly system: System,
    private readonly folder: string,
  ) {
    this.venue = new SimulatorControl(system.run.simulators.gateio);
  }

  /** With Gate.io alone unless more venues are named: each costs a process, and routes lead to those that run. */
  static start(...more: readonly VenueName[]): Promise<TestSystem> {
    return TestSystem.startWith({ more });
  }

  /**
   * `settings`: of every service. `tls`: Kafka, PostgreSQL and the services speak TLS alone. `instances`: processes of each service. These two
   * as `STACK_TLS` and `STACK_INSTANCES` say where nothing is said.
   */
  static async startWith({
    more = [],
    tls,
    instances,
    settings = {},
  }: {
    readonly more?: readonly VenueName[];
    readonly settings?: Environment;
    readonly tls?: boolean;
    readonly instances?: number;
  }): Promise<TestSystem> {
    const venues: readonly [FirstVenue, ...VenueName[]] = ['gateio', ...more];
    const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
    chmodSync(folder, 0o711); // PostgreSQL may run as another user and has to walk through
    const environment = ofEach(SERVICE_NAMES, (name) => ({ ...shortTimes(name), ...settings }));
    const system = await startSystem({
      home: folder,
      venues,
      pace: 'fast',
      environment,
      logLevel: 'info',
      ...(tls !== undefined && { tls }),
      ...(instances !== undefined && { instances }),
    });
    const started = new TestSystem(system, folder);
    for (const venue of venues.filter(isSimulated))
      await started.venueNamed(venue).settings({ hang_ms: SHORT_HANG_MS });
    await started.routeTo(venues);
    return started;
  }

  /** What the wallet has paid, as its chains have it. */
  get chainBooks(): Readonly<Record<Network, ChainBook>> {
    const { chains } = this.system.run;
    if (!chains) throw new Error('the wallet was not started for this test');
    return { ETH: new ChainBook(chains, 'ETH'), BSC: new ChainBook(chains, 'BSC') };
  }

  /** The control of its simulator. */
  venueNamed(name: SimulatedName): SimulatorControl {
    const url = this.system.run.simulators[name];
    if (url === undefined) throw new Error(`${name} was not started for this test`);
    return new SimulatorControl(url);
  }

  async stop(): Promise<void> {
    this.customers.forEach(({ api }) => api.close());
    await this.system.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A customer with 1,000,000 USDT on ETH, by default. */
  async customer({
    funds = '1000000',
    ...wish
  }: KeyWish & { funds?: string } = {}): Promise<Customer> {
    const customer = await Customer.open(
      this.admin.intake,
      this.approver.ledger,
      this.system.run.intake_url,
      wish,
    );
    this.customers.push(customer);
    return customer.fund(funds);
  }

  /** One person decides, and another one approves it. */
  decide(venue: VenueName, withdrawalId: string, decision: DecideDto): Promise<DecidedDto> {
    const asked = this.admin.connector(venue).decide(withdrawalId, decision);
    return approvedBy(this.approver.connector(venue), asked);
  }

  /** One person says that the venue may go on, and another one approves it. */
  liftHalt(venue: VenueName, id: string, evidence = 'a test has looked'): Promise<HaltDto> {
    const asked = this.admin.connector(venue).liftHalt(id, { evidence });
    return approvedBy(this.approver.connector(venue), asked);
  }

  /** A new life of the service that differs by `environment`; the lives after it do not, however short this one is. */
  async restartWith(service: ProgramName, environment: Environment): Promise<void> {
    await this.system.untilReady(service);
    await this.system.restart(service, environment);
  }

  /** Waits until no service has an event to publish. */
  async outboxesDrained(): Promise<void> {
    await eventually(async () => expect(await this.outboxesEmpty()).toBe(true), {
      withinMs: 30_000,
      everyMs: 100,
    });
  }

  /** True when the outbox of every service is empty at this moment. */
  async outboxesEmpty(): Promise<boolean> {
    for (const connectionString of Object.values(this.system.run.databases)) {
      const client = new Client({ connectionString });
      await client.connect();
      const { rowCount } = await client.query('SELECT FROM outbox LIMIT 1');
      await client.end();
      if (rowCount !== 0) return false;
    }
    return true;
  }

  /** Ends a process without any goodbye; resolves when its next life is ready. */
  async killNow(name: ProcessName): Promise<void> {
    await this.system.kill(name);
    await this.system.untilReady(name);
  }

  /** The same for one of several instances alone: the others go on. */
  async killOne(name: ProcessName): Promise<void> {
    const instances = this.system.processes.get(name);
    const pid = instances?.pid();
    if (instances === undefined || pid === undefined) throw new Error(`no ${name} runs`);
    process.kill(pid, 'SIGKILL');
    await instances.ended();
    await instances.untilReady();
  }

  /** Where `run.json` is, for tools. */
  get runFile(): string {
    return join(this.folder, 'run.json');
  }

  /** Safety and liveness after a scenario: every invariant holds, and three books agree to the last digit. */
  async proveBooks(): Promise<void> {
    const books = SIMULATED_NAMES.filter(
      (venue) => this.system.run.simulators[venue] !== undefined,
    ).map((venue) => this.venueNamed(venue));
    const chains = this.system.run.chains ? Object.values(this.chainBooks) : [];
    await proveBooks(this.admin, [...books, ...chains], this.customers);
  }

  /** A withdrawal given to a venue that does not run would wait for it for ever. */
  private async routeTo(venues: readonly string[]): Promise<void> {
    const { intake } = this.admin;
    for (const route of await intake.routes()) {
      const open = route.venues.filter(({ venue }) => venues.includes(venue));
      if (open.length < route.venues.length)
        await intake.setRoute({ ...route, was: route.venues, venues: open });
    }
  }

  /** A check that looked at no row has proven nothing. Webhooks are sent to those who register one: `webhooks.e2e.spec.ts`. */
  async expectPopulated(): Promise<void> {
    for (const { service, populations } of await this.admin.invariants()) {
      if (service === 'webhooks') continue;
      const {
        withdrawals = 1,
        completed = 1,
        holds_captured = 1,
        entries_capture = 1,
        postings = 1,
        attempts = 1,
        settled = 1,
      } = populations;
      const rows = {
        withdrawals,
        completed,
        holds_captured,
        entries_capture,
        postings,
        attempts,
        settled,
      };
      expect({ service, rows, empty: Object.values(rows).includes(0) }).toEqual({
        service,
        rows,
        empty: false,
      });
    }
  }
}
