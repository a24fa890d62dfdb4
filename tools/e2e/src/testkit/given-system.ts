import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DecidedDto, DecideDto, HaltDto } from '@sluice/http-api';
import { approvedBy } from '@sluice/admin-client';
import { testValues } from '@sluice/runtime';
import {
  AdminClients,
  APPROVER,
  isSimulated,
  QUICK_PROOFS,
  ofEach,
  SERVICE_NAMES,
  startSystem,
  FIRST_VENUE,
  SIMULATED_NAMES,
  type ProcessName,
  type ProgramName,
  type SimulatedName,
  type System,
  type FirstVenue,
  type VenueName,
  ChainBook,
  type ChainNetwork,
} from '@sluice/stack';
import { eventually, SimulatorControl } from '@sluice/test-kit';
import { newDataFolder, withClient } from '@sluice/test-servers';
import { Customer, type KeyWish } from './customer.js';
import { proveBooks } from './prove-books.js';

type Environment = Readonly<Record<string, string>>;
/** Constants of the services by name, replaced in a test. */
type Numbers = Readonly<Record<string, number>>;

/**
 * Wait of a consumer group after `kill -9`. With a shorter wait, a busy machine would lose live
 * members.
 */
const GROUP = { KAFKA_SESSION_MS: '2000' };

/** Times short enough for a test; the order between them is that of production (absence is later than a lost submit). */
const SHORT_TIMES: Environment = {
  ...GROUP,
  ...QUICK_PROOFS,
  SUBMIT_TIMEOUT_MS: '1000',
  ABSENCE_AFTER_MS: '2000',
  HONOURED_FOR_MS: '1000',
};

const SHORT_VALUES: Numbers = { pollIntervalMs: 100, haltMs: 1_000 };

function shortTimes(service: string, values: Numbers): Environment {
  const all = testValues({ ...SHORT_VALUES, ...values });
  return service.startsWith('connector-') ? { ...SHORT_TIMES, ...all } : { ...GROUP, ...all };
}

export const SHORT_HANG_MS = 1_500;

/**
 * Complete system of real processes on a separate data folder, with methods to drive and check the
 * system.
 */
export class TestSystem {
  readonly admin = new AdminClients(() => this.system.run);
  /** Clients of a second person, for approving the requests of `admin`. */
  readonly approver = new AdminClients(() => this.system.run, APPROVER);
  /** The first venue, where most tests pay. */
  readonly venue: SimulatorControl;
  readonly customers: Customer[] = [];

  private constructor(
    readonly system: System,
    private readonly folder: string,
  ) {
    this.venue = new SimulatorControl(system.run.simulators[FIRST_VENUE]);
  }

  /**
   * Starts a system. Default venue: only the first venue. Each further venue costs a process, and routes
   * lead to running venues.
   */
  static start(...more: readonly VenueName[]): Promise<TestSystem> {
    return TestSystem.startWith({ more });
  }

  /**
   * Starts a system. `settings`: settings of every service. `values`: their constants, replaced. `tls`: Kafka, PostgreSQL and the
   * services use only TLS. `instances`: number of processes of each service. Defaults of `tls` and
   * `instances`: `STACK_TLS` and `STACK_INSTANCES`. `console`: also the operators' page.
   */
  static async startWith({
    more = [],
    tls,
    instances,
    console = false,
    settings = {},
    values = {},
  }: {
    readonly more?: readonly VenueName[];
    readonly settings?: Environment;
    readonly values?: Numbers;
    readonly tls?: boolean;
    readonly instances?: number;
    readonly console?: boolean;
  }): Promise<TestSystem> {
    const venues: readonly [FirstVenue, ...VenueName[]] = [FIRST_VENUE, ...more];
    const folder = newDataFolder('sluice-e2e-');
    const environment = ofEach(SERVICE_NAMES, (name) => ({
      ...shortTimes(name, values),
      ...settings,
    }));
    const system = await startSystem({
      home: folder,
      venues,
      pace: 'fast',
      environment,
      logLevel: 'info',
      console,
      ...(tls !== undefined && { tls }),
      ...(instances !== undefined && { instances }),
    });
    const started = new TestSystem(system, folder);
    for (const venue of venues.filter(isSimulated))
      await started.venueNamed(venue).settings({ hang_ms: SHORT_HANG_MS });
    await started.routeTo(venues);
    return started;
  }

  /** Books of wallet payments, read from the chains. */
  get chainBooks(): Readonly<Record<ChainNetwork, ChainBook>> {
    const { chains } = this.system.run;
    if (!chains) throw new Error('the wallet was not started for this test');
    return { ETH: new ChainBook('ETH', chains.ETH), BSC: new ChainBook('BSC', chains.BSC) };
  }

  /** Returns the simulator control of the venue. */
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
      this.approver,
      this.system.run.intake_url,
      wish,
    );
    this.customers.push(customer);
    return customer.fund(funds);
  }

  /** Records a decision of the first person and the approval of the second. */
  decide(venue: VenueName, withdrawalId: string, decision: DecideDto): Promise<DecidedDto> {
    const asked = this.admin.connector(venue).decide(withdrawalId, decision);
    return approvedBy(this.approver.connector(venue), asked);
  }

  /** Lifts a halt of the venue: the first person requests, the second person approves. */
  liftHalt(venue: VenueName, id: string, evidence = 'checked by a test'): Promise<HaltDto> {
    const asked = this.admin.connector(venue).liftHalt(id, { evidence });
    return approvedBy(this.approver.connector(venue), asked);
  }

  /**
   * Restarts the service with a changed environment for a single run; later restarts use the normal
   * environment, even after an early end of the run.
   */
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
    for (const url of Object.values(this.system.run.databases)) {
      const { rowCount } = await withClient(url, (client) =>
        client.query('SELECT FROM outbox LIMIT 1'),
      );
      if (rowCount !== 0) return false;
    }
    return true;
  }

  /** Kills a process without a graceful shutdown. Resolves when the next process is ready. */
  async killNow(name: ProcessName): Promise<void> {
    await this.system.kill(name);
    await this.system.untilReady(name);
  }

  /** Kills a single instance of a process; the other instances keep running. */
  async killOne(name: ProcessName): Promise<void> {
    const instances = this.system.processes.get(name);
    const pid = instances?.pid();
    if (instances === undefined || pid === undefined) throw new Error(`no ${name} runs`);
    process.kill(pid, 'SIGKILL');
    await instances.ended();
    await instances.untilReady();
  }

  /** Path of `run.json`, for tools. */
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

  /**
   * Removes venues without a running process from the routes: a withdrawal routed to a missing
   * venue would wait forever.
   */
  private async routeTo(venues: readonly string[]): Promise<void> {
    const { intake } = this.admin;
    for (const route of await intake.routes()) {
      const open = route.venues.filter(({ venue }) => venues.includes(venue));
      if (open.length < route.venues.length)
        await intake.setRoute({ ...route, was: route.venues, venues: open });
    }
  }

  /**
   * Expects at least a row in each population counted by the invariants, because a check without
   * rows proves no property. Skips webhooks: a webhook must be registered first
   * (`webhooks.e2e.spec.ts`).
   */
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
