import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectorOf,
  loadPorts,
  layoutOf,
  loadSecrets,
  openKafka,
  SIMULATED_SERVICES,
  SIMULATED_NAMES,
  simulatedOf,
  type Environment,
  type StackPorts,
  writeMessageKeys,
  type StackSecrets,
  type SimulatedName,
} from '@sluice/stack';
import {
  describeExit,
  freePort,
  LocalIssuer,
  startGuard,
  startPostgres,
  type Exit,
  type KafkaAccess,
  type KafkaServer,
  type PostgresOptions,
  type PostgresServer,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
} from '@sluice/test-servers';
import type { Random } from '../random.js';
import { Databases } from './databases.js';
import { Disks } from './disks.js';
import { environments, type Wiring } from './environments.js';
import { Instance } from './instance.js';
import { Log } from './log.js';
import { hasService, INSTANCES, serviceOf, type InstanceName } from './names.js';
import { SimulatorBook } from './simulators.js';
import { startKafkas } from './start-kafkas.js';
import { startSimulator } from './start-simulator.js';
import { TcpRelay } from './tcp-relay.js';
import { VENUE_FACTS } from './venue-facts.js';
import { VenueRelay, type Rule } from './venue-relay.js';

export interface SystemOptions {
  readonly folder: string;
  /** The checkout whose built services run. */
  readonly code: string;
  readonly random: Random;
  /** Servers on small file systems, where they can be mounted. */
  readonly disks: boolean;
  /** The folder stays. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
  /** How many instances of each service; two unless told. */
  readonly instances?: 1 | 2;
  /** One unless told; of three nothing stands before any. */
  readonly brokers?: 1 | 3;
  readonly postgresSettings?: Environment;
}

/** A process that ended though nobody ended it. */
export interface Ending {
  readonly at: number;
  readonly process: string;
  readonly how: string;
}

/** Everything that runs: servers, simulated venues, two instances of each service, and what stands between them. */
export class SystemUnderTest {
  readonly instances = new Map<InstanceName, Instance>();
  readonly books = new Map<SimulatedName, SimulatorBook>();
  readonly venueRelays = new Map<SimulatedName, VenueRelay>();
  readonly databaseRelays = new Map<InstanceName, TcpRelay>();
  readonly endings: Ending[] = [];
  /** Processes that the nemesis itself kills now: their ends are not reported as endings. */
  readonly killed = new Set<string>();
  private readonly others: SupervisedProcess[] = [];
  kafkaRelay: TcpRelay | undefined;
  postgres!: PostgresServer;
  kafkas: readonly KafkaServer[] = [];
  databases!: Databases;
  log!: Log;
  disks: Disks | undefined;
  whyNoDisks: string | undefined;
  private readonly rules = new Map<SimulatedName, Rule[]>();
  private down = false;

  private constructor(
    readonly options: SystemOptions,
    readonly guard: ProcessGuard,
    readonly ports: Readonly<Record<1 | 2, StackPorts>>,
    readonly secrets: StackSecrets,
    readonly issuer: LocalIssuer,
  ) {}

  messageKeysOf(service: string): string {
    return layoutOf(this.options.folder).messageKeysOf(service);
  }

  static async up(options: SystemOptions): Promise<SystemUnderTest> {
    const { folder } = options;
    mkdirSync(join(folder, 'logs'), { recursive: true });
    const guard = startGuard();
    if (!options.keep) guard.removeAtEnd(folder);
    const ports = {
      1: await loadPorts(join(folder, 'ports-1.json')),
      2: await loadPorts(join(folder, 'ports-2.json')),
    };
    const secrets = loadSecrets(join(folder, 'secrets.json'));
    writeMessageKeys(layoutOf(folder), secrets);
    const issuer = await LocalIssuer.start();
    const system = new SystemUnderTest(options, guard, ports, secrets, issuer);
    try {
      await system.startServers();
      await system.startServices();
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The first, where there are three. */
  get kafka(): KafkaServer {
    const [kafka] = this.kafkas;
    if (!kafka) throw new Error('Kafka does not run yet');
    return kafka;
  }

  /** All of them, as the admin. */
  get kafkaAccess(): KafkaAccess {
    return { ...this.kafka, brokers: this.kafkas.flatMap(({ brokers }) => brokers) };
  }

  instance(name: InstanceName): Instance {
    const instance = this.instances.get(name);
    if (!instance) throw new Error(`${name} does not run here`);
    return instance;
  }

  book(venue: SimulatedName): SimulatorBook {
    const book = this.books.get(venue);
    if (!book) throw new Error(`${venue} does not run here`);
    return book;
  }

  logOf(process: string): string {
    return join(this.options.folder, 'logs', `${process}.log`);
  }

  /** Adds a fault rule between a connector and its venue; the returned function removes it. */
  disturbVenue(venue: SimulatedName, rule: Rule): () => void {
    const rules = this.rules.get(venue) ?? [];
    this.rules.set(venue, rules);
    rules.push(rule);
    this.venueRelays.get(venue)?.set(rules);
    return () => void rules.splice(rules.indexOf(rule), rules.includes(rule) ? 1 : 0);
  }

  /** Ends every fault: all processes run, with the right time, and reach each other. */
  async calm(): Promise<void> {
    for (const relay of [this.kafkaRelay, ...this.databaseRelays.values()]) relay?.set({});
    for (const rules of this.rules.values()) rules.length = 0;
    for (const instance of this.instances.values()) {
      instance.setClock(0);
      instance.thaw();
    }
    await Promise.all(
      [...this.books.values()].map((book) =>
        book.clearFaults().then(() => book.settings({ listing_delay_ms: 0 })),
      ),
    );
  }

  async stop(): Promise<void> {
    this.down = true;
    for (const instance of this.instances.values()) instance.thaw();
    await Promise.all([...this.instances.values()].map((instance) => instance.killAndStay()));
    await Promise.all(this.others.map((process) => process.stop()));
    for (const relay of [
      this.kafkaRelay,
      ...this.databaseRelays.values(),
      ...this.venueRelays.values(),
    ])
      relay?.close();
    this.disks?.unmountAll();
    await this.issuer.stop();
  }

  private async startServers(): Promise<void> {
    const { options } = this;
    const { folder } = options;
    const ports = this.ports[1];
    this.whyNoDisks = options.disks ? Disks.refusal() : 'not asked for';
    if (this.whyNoDisks === undefined) this.disks = new Disks(folder);
    const placeOf = (server: string): string => this.disks?.mount(server) ?? join(folder, server);
    const startsPostgres = this.startPostgres({
      ...{ dataDir: placeOf('postgres'), port: ports.postgres },
      ...(options.postgresSettings && { settings: options.postgresSettings }),
    });
    const [postgres, , simulator] = await Promise.all([
      startsPostgres,
      this.startKafka(placeOf('kafka')),
      startSimulator({
        ...{ guard: this.guard, ports, code: options.code, events: this.watching() },
        ...{ folder, logFile: this.logOf('venue-simulator') },
      }),
    ]);
    this.others.push(simulator);
    this.usePostgres(postgres);
    await this.databases.ensure(SIMULATED_SERVICES);
    const there = SIMULATED_SERVICES.filter((name) => hasService(options.code, name));
    await this.databases.migrate(there, options.code);
    await this.openVenues();
  }

  /** What is new of it gets topics, logins and rights. */
  async startKafka(folder: string): Promise<void> {
    const { wiring } = this;
    const { kafkas, relay } = await startKafkas(
      { ...this, say: this.options.say, logOf: (name) => this.logOf(name) },
      { folder, brokers: this.options.brokers ?? 1, events: this.watching() },
    );
    this.kafkas = kafkas;
    this.kafkaRelay = relay;
    wiring.brokers = relay ? [`127.0.0.1:${relay.port}`] : this.kafkaAccess.brokers;
    this.others.push(...kafkas.map((kafka) => kafka.process));
    this.log = new Log(this.kafka, join(folder, 'logs'));
    await openKafka(this.kafka, this.secrets);
  }

  /** On this data; it takes no part until it is used. */
  async startPostgres(
    place: Pick<PostgresOptions, 'dataDir' | 'port' | 'settings' | 'name'>,
  ): Promise<PostgresServer> {
    const { guard, secrets } = this;
    const server = await startPostgres({
      ...{ ...place, password: secrets.postgres, logFile: this.logOf(place.name ?? 'postgres') },
      ...{ guard, events: this.watching(), restart: true, throwAway: true },
    });
    this.others.push(server.process);
    return server;
  }

  /** Every service is led to this one from now on. */
  usePostgres(server: PostgresServer): void {
    this.postgres = server;
    this.databases = new Databases(server.adminUrl, this.secrets);
    for (const relay of this.databaseRelays.values()) relay.aim(server.port);
  }

  private readonly wiring: Wiring = {
    brokers: [],
    databasePorts: new Map(),
    venuePorts: new Map(),
  };

  private async openVenues(): Promise<void> {
    for (const venue of SIMULATED_NAMES) {
      const port = this.ports[1][`simulator-${venue}`];
      const book = new SimulatorBook(`http://127.0.0.1:${port}`);
      const connectorUrl = `http://127.0.0.1:${this.ports[1][connectorOf(venue)]}`;
      await book.settings({
        rate_limits: { enabled: false },
        status_ms: 150,
        hang_ms: 6_000,
        slow_listing_ms: 3_000,
        ...simulatedOf(venue).settings?.(connectorUrl),
      });
      this.books.set(venue, book);
      const relayPort = await freePort();
      this.venueRelays.set(
        venue,
        await VenueRelay.open(
          relayPort,
          port,
          VENUE_FACTS[venue],
          this.options.random.of(`relay ${venue}`).next,
        ),
      );
      this.wiring.venuePorts.set(venue, relayPort);
    }
  }

  private async startServices(): Promise<void> {
    for (const name of INSTANCES.filter((one) => this.isWanted(one))) {
      const port = await freePort();
      this.databaseRelays.set(name, await TcpRelay.open(port, this.ports[1].postgres));
      this.wiring.databasePorts.set(name, port);
    }
    const specs = environments(this, this.wiring).filter(({ name }) => this.isWanted(name));
    for (const spec of specs)
      this.instances.set(
        spec.name,
        new Instance({
          ...spec,
          code: this.options.code,
          folder: this.options.folder,
          guard: this.guard,
          events: this.watching(),
        }),
      );
    // What an older checkout lacks waits for a newer one. The first of each migrates; two at a time, for a start costs more than a second of a core.
    for (const number of ['1', '2'])
      await inPairs(
        [...this.instances.values()].filter(
          ({ name }) => name.endsWith(number) && hasService(this.options.code, serviceOf(name)),
        ),
        (instance) => instance.start(),
      );
  }

  private isWanted(instance: InstanceName): boolean {
    return Number(instance.slice(-1)) <= (this.options.instances ?? 2);
  }

  private watching(): SupervisorEvents {
    const died = (process: string, exit: Exit): void => {
      if (this.down || this.killed.delete(process)) return;
      this.endings.push({ at: Date.now(), process, how: describeExit(exit) });
      this.options.say(`  ! ${process} ended by itself: ${describeExit(exit)}`);
    };
    return { onDied: died };
  }
}

async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let index = 0; index < items.length; index += 2)
    await Promise.all(items.slice(index, index + 2).map(work));
}
