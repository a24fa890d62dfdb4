import { type SimulatorControl, TcpProxy } from '@sluice/test-kit';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  accessOf,
  layoutOf,
  openKafka,
  openSite,
  portsOfAnother,
  SIMULATED_NAMES,
  simulatorSpec,
  startKafkaOf,
  startPostgresOf,
  startServiceProcess,
  type StackSite,
  type StackPorts,
  type SimulatedName,
  Databases,
} from '@sluice/stack';
import {
  describeExit,
  LocalIssuer,
  startGuard,
  type Exit,
  type KafkaAccess,
  type KafkaServer,
  type PostgresOptions,
  type PostgresServer,
  type SupervisedProcess,
  type SupervisorEvents,
} from '@sluice/test-servers';
import { NodeFaults, startChains, type Chains } from './chains.js';
import { Disks, MachineClock } from './machine.js';
import { environments, openVenues, type SystemOptions, type Wiring } from './environments.js';
import { Instance } from './instance.js';
import { Log } from './log.js';
import {
  EVERYTHING,
  hasService,
  INSTANCES,
  serviceOf,
  SIMULATED_ONLY,
  type InstanceName,
  type Scope,
} from './names.js';
import type { RelayRule, VenueRelay } from './venue-relay.js';

type PostgresPlace = Pick<PostgresOptions, 'dataDir' | 'port' | 'settings' | 'name'>;

/** Unexpected end of a process. */
interface Ending {
  readonly at: number;
  readonly process: string;
  readonly how: string;
}

/**
 * The whole system: servers, simulated venues, two instances of each service, and the relays in
 * between.
 */
export class SystemUnderTest {
  readonly site: StackSite;
  readonly instances = new Map<InstanceName, Instance>();
  readonly books = new Map<SimulatedName, SimulatorControl>();
  readonly venueRelays = new Map<SimulatedName, VenueRelay>();
  readonly databaseRelays = new Map<InstanceName, TcpProxy>();
  readonly endings: Ending[] = [];
  /** Processes being killed by the nemesis: their ends are not reported as unexpected. */
  readonly killed = new Set<string>();
  private readonly others: SupervisedProcess[] = [];
  kafkaRelay: TcpProxy | undefined;
  postgres!: PostgresServer;
  kafkas: readonly KafkaServer[] = [];
  databases!: Databases;
  log!: Log;
  chains: Chains = new Map();
  readonly nodeFaults = new NodeFaults();
  machineClock: MachineClock | undefined;
  disks: Disks | undefined;
  whyNoDisks: string | undefined;
  private readonly rules = new Map<SimulatedName, RelayRule[]>();
  private down = false;

  private constructor(
    readonly options: SystemOptions,
    place: StackSite,
    readonly ports: Readonly<Record<1 | 2, StackPorts>>,
    readonly issuer: LocalIssuer,
  ) {
    this.site = {
      ...place,
      events: this.watching(),
      adopt: (process) => void this.others.push(process),
    };
  }

  /** Venues and services of this system. */
  get scope(): Scope {
    return this.options.wallet ? EVERYTHING : SIMULATED_ONLY;
  }

  static async up(options: SystemOptions): Promise<SystemUnderTest> {
    const layout = layoutOf(options.folder);
    mkdirSync(layout.logs, { recursive: true });
    const guard = startGuard();
    if (!options.keep) guard.removeAtEnd(options.folder);
    const site = await openSite({ layout, guard, notice: options.say });
    const ports = { 1: site.ports, 2: await portsOfAnother(site.ports) };
    const system = new SystemUnderTest(options, site, ports, await LocalIssuer.start());
    try {
      await system.startServers();
      await system.startServices();
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The only broker, or the first of three. */
  get kafka(): KafkaServer {
    const [kafka] = this.kafkas;
    if (!kafka) throw new Error('Kafka does not run yet');
    return kafka;
  }

  /** All of them, as the admin. */
  get kafkaAccess(): KafkaAccess {
    return accessOf(this.kafkas);
  }

  instance(name: InstanceName): Instance {
    const instance = this.instances.get(name);
    if (!instance) throw new Error(`${name} does not run here`);
    return instance;
  }

  book(venue: SimulatedName): SimulatorControl {
    const book = this.books.get(venue);
    if (!book) throw new Error(`${venue} does not run here`);
    return book;
  }

  /**
   * Adds a fault rule between a connector and the venue; the returned function removes the rule.
   */
  disturbVenue(venue: SimulatedName, rule: RelayRule): () => void {
    const rules = this.rules.get(venue) ?? [];
    this.rules.set(venue, rules);
    rules.push(rule);
    this.venueRelays.get(venue)?.set(rules);
    return () => void rules.splice(rules.indexOf(rule), rules.includes(rule) ? 1 : 0);
  }

  /** Steps the time of day of every process and of PostgreSQL. Throws where PostgreSQL's cannot be moved. */
  setMachineClock(offsetMs: number): void {
    if (!this.machineClock) throw new Error('the clock cannot be moved without a C compiler');
    this.machineClock.set(offsetMs);
    for (const instance of this.instances.values()) instance.setMachineClock(offsetMs);
  }

  /** Ends every fault: all processes run, with the right time, and reach each other. */
  async calm(): Promise<void> {
    for (const relay of [this.kafkaRelay, ...this.databaseRelays.values()]) relay?.set({});
    for (const rules of this.rules.values()) rules.length = 0;
    this.machineClock?.set(0);
    for (const instance of this.instances.values()) {
      instance.setClock(0);
      instance.setMachineClock(0);
      instance.thaw();
    }
    for (const { nodes } of this.chains.values()) for (const node of nodes) node.honest();
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
    for (const relay of this.venueRelays.values()) relay.close();
    for (const relay of [this.kafkaRelay, ...this.databaseRelays.values()]) await relay?.close();
    const nodes = [...this.chains.values()].flatMap((chain) => chain.nodes);
    await Promise.all(nodes.map((node) => node.stop()));
    this.disks?.unmountAll();
    await this.issuer.stop();
  }

  private async startServers(): Promise<void> {
    const { options, site } = this;
    const { folder, code } = options;
    this.whyNoDisks = options.disks ? Disks.refusal() : 'not requested';
    if (this.whyNoDisks === undefined) this.disks = new Disks(folder);
    if (options.wallet) this.machineClock = MachineClock.in(folder);
    const placeOf = (server: 'postgres' | 'kafka'): string =>
      this.disks?.mount(server) ?? site.layout[server];
    const startsPostgres = this.startPostgres({
      dataDir: placeOf('postgres'),
      port: site.ports.postgres,
      settings: { ...(options.wallet && { max_connections: '250' }), ...options.postgresSettings },
    });
    const [postgres, , simulator, chains] = await Promise.all([
      startsPostgres,
      this.startKafka(placeOf('kafka')),
      startServiceProcess(
        {
          ...simulatorSpec(site, SIMULATED_NAMES, 'warn', 'real'),
          code: () => code,
          flags: [],
          readyTimeoutMs: 120_000,
        },
        site,
      ),
      options.wallet ? startChains(site) : (new Map() as Chains),
    ]);
    this.others.push(simulator);
    this.chains = chains;
    this.usePostgres(postgres);
    await this.databases.ensure(this.scope.services);
    const there = this.scope.services.filter((name) => hasService(code, name));
    await this.databases.migrate(there, code);
    for (const { venue, book, relay, relayPort } of await openVenues(site.ports, options.random)) {
      this.books.set(venue, book);
      this.venueRelays.set(venue, relay);
      this.wiring.venuePorts.set(venue, relayPort);
    }
  }

  /**
   * Starts a single broker behind a relay, or three brokers without relays, and creates missing
   * topics, logins and rights. The relay of an earlier broker stays, because clients know no other
   * address.
   */
  async startKafka(dataDir: string): Promise<void> {
    const { site, wiring } = this;
    const { brokers = 1 } = this.options;
    if (brokers === 1) this.kafkaRelay ??= await TcpProxy.to(site.ports.kafka);
    const relay = this.kafkaRelay;
    this.kafkas = await startKafkaOf(
      { ...site, layout: { ...site.layout, kafka: dataDir } },
      { brokers, ...(relay && { kafkaRelay: relay.port }) },
    );
    wiring.brokers = relay ? [`127.0.0.1:${relay.port}`] : this.kafkaAccess.brokers;
    this.log = new Log(this.kafka, join(dataDir, 'logs'));
    await openKafka(this.kafka, site.secrets);
  }

  /** Starts PostgreSQL on the data; services do not use the server before `usePostgres`. */
  startPostgres({ dataDir, port, ...own }: PostgresPlace): Promise<PostgresServer> {
    const { site, machineClock } = this;
    const { layout, ports } = site;
    return startPostgresOf(
      {
        ...site,
        layout: { ...layout, postgres: dataDir },
        ports: { ...ports, postgres: port },
      },
      {
        postgres: {
          ...own,
          throwAway: true,
          ...(machineClock && { environment: machineClock.environment }),
        },
      },
    );
  }

  /** Directs every service to this server from now on. */
  usePostgres(server: PostgresServer): void {
    this.postgres = server;
    this.databases = new Databases(server.adminUrl, this.site.secrets);
    for (const relay of this.databaseRelays.values()) relay.leadTo(server.port);
  }

  private readonly wiring: Wiring = {
    brokers: [],
    databasePorts: new Map(),
    venuePorts: new Map(),
  };

  private async startServices(): Promise<void> {
    for (const name of INSTANCES.filter((one) => this.isWanted(one))) {
      const relay = await TcpProxy.to(this.ports[1].postgres);
      this.databaseRelays.set(name, relay);
      this.wiring.databasePorts.set(name, relay.port);
    }
    const { site } = this;
    for (const spec of environments(this, this.wiring).filter((one) => this.isWanted(one.process)))
      this.instances.set(spec.process, new Instance(spec, { code: this.options.code, site }));
    // Services missing in an older checkout start later, from a newer checkout. The first instance
    // of each service migrates. Two instances start at a time, because a start costs more than a
    // second of a core.
    for (const number of ['1', '2'])
      await inPairs(
        [...this.instances.values()].filter(
          ({ name }) => name.endsWith(number) && hasService(this.options.code, serviceOf(name)),
        ),
        (instance) => instance.start(),
      );
  }

  private isWanted(instance: InstanceName): boolean {
    const number = Number(instance.slice(-1));
    return (
      number <= (this.options.instances ?? 2) && this.scope.services.includes(serviceOf(instance))
    );
  }

  private watching(): SupervisorEvents {
    const died = (process: string, exit: Exit): void => {
      if (this.down || this.killed.delete(process)) return;
      this.endings.push({ at: Date.now(), process, how: describeExit(exit) });
      this.options.say(`  ! ${process} ended unexpectedly: ${describeExit(exit)}`);
    };
    return { onDied: died };
  }
}

async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let index = 0; index < items.length; index += 2)
    await Promise.all(items.slice(index, index + 2).map(work));
}
