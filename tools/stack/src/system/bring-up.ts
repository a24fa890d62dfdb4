import { SetupError, type LocalIssuer } from '@sluice/test-servers';
import type { StackConfig } from './config.js';
import { CONSOLE, servicesWith, type ServiceName } from '../tables/services.js';
import { DOWNSTREAM, adminLogin, kafkaLogin } from '../tables/credentials.js';
import {
  connectorOf,
  isSimulated,
  venueOf,
  type SimulatedName,
  type VenueName,
} from '../tables/venues.js';
import { adminPortOf, portsOfAnother, type Layout, type StackPorts } from '../layout/layout.js';
import {
  launchService,
  serviceSpec,
  simulatorSpec,
  startServiceProcess,
  type LaunchOptions,
  type LaunchedService,
  type ProgramSpec,
} from './service-process.js';
import { PortBalancer } from './port-balancer.js';
import type { ProcessTable, Endpoints } from './process-table.js';
import { migrateDatabases, provideKafka, providePostgres } from './servers.js';
import { contextOf, openSite, settleAll, type StackSite, type SystemPlan } from './system-plan.js';
import {
  endpointOf,
  type AdminEndpoints,
  type LocalPeople,
  type RunFile,
} from '../layout/run-file.js';
import {
  consoleUrlOf,
  serviceUrlOf,
  urlOf,
  type Environment,
  type SystemContext,
} from './service-environment.js';
import { provideTls, type StackSecrets } from './stack-secrets.js';
import { SimulatorControl } from '@sluice/test-kit';
import { setUpSimulator } from '../clients/simulators.js';

interface BringUp {
  readonly plan: SystemPlan;
  readonly config: StackConfig;
  readonly layout: Layout;
  readonly table: ProcessTable;
  readonly ports: StackPorts;
  readonly issuer: LocalIssuer;
  readonly onStep: (step: string, tookMs: number) => void;
  readonly onNotice: (text: string) => void;
  readonly keepsUnready: boolean;
}

/** The running parts of the system. */
interface Up {
  readonly endpoints: Endpoints;
  /** Starts the services not needed for the first withdrawal. */
  startOthers(): Promise<void>;
  /** Starts an additional process of a service, outside the table of processes. */
  launch(name: ServiceName, options?: LaunchOptions): Promise<LaunchedService>;
}

/**
 * Starts the servers and the simulator in parallel, followed by the services needed for the first
 * withdrawal. The services of the other venues start only on startOthers.
 */
export async function bringUp(options: BringUp): Promise<Up> {
  const { plan, config, table, issuer } = options;
  const { venues, pace, serversOnly } = plan;
  const site = await siteOf(options);
  const { ports, tls } = site;
  const step = stepTimer(options.onStep);
  const { start, startAll } = starterOf(options, site, step);

  const simulated = venues.filter(isSimulated);
  const startSimulator = async (): Promise<void> => {
    await start(simulatorSpec(site, simulated, plan.logLevel, pace));
    await settleAll(
      simulated.map((venue) =>
        setUpSimulator(
          new SimulatorControl(simulatorOf(ports, venue)),
          venue,
          pace,
          serviceUrlOf(ports[connectorOf(venue)], tls),
        ),
      ),
    );
  };
  const first = venues.slice(0, 1);
  const needed = servicesWith(first);
  const wanted = servicesWith(venues, plan.console);
  const others = wanted.filter((name) => !needed.includes(name));
  const later = serversOnly ? [] : others;
  const migrate = migrationOf(options, site);
  const startDatabases = async () => {
    const urls = await providePostgres(site, config, wanted);
    return { urls, migrated: await migrate(serversOnly ? [...needed, ...others] : needed) };
  };
  const [{ urls: databases, migrated }, kafka, , chains] = await settleAll([
    step(config.existing ? 'PostgreSQL (yours)' : 'PostgreSQL', startDatabases()),
    step(config.kafkaBrokers ? 'Kafka (yours)' : 'Kafka', provideKafka(site, config, plan)),
    step('venue simulator', startSimulator()),
    ...chainsOf(plan, site).map((starts) => step('chains', starts)),
  ]);
  const context = contextOf(site, {
    brokers: kafka.brokers,
    kafkaAsksLogins: kafka.login !== undefined,
    databases,
    issuer: issuer.url,
    consoleSecret: issuer.consoleSecret,
    logLevel: plan.logLevel,
  });
  const contexts = await contextsOfAll(context, plan.instances);
  const specs = (names: readonly ServiceName[]): readonly ProgramSpec[] =>
    everyInstance(contexts, (one) => names.map((name) => serviceSpec(one, name, pace)));
  await startAll(specs(migrated.filter((name) => needed.includes(name))));
  return {
    endpoints: {
      ...endpoints(context, venues, wanted),
      ...(contexts.length > 1 && { intake_url: await spread(contexts, table) }),
      ...(chains && { chains }),
      issuer: peopleOf(issuer),
    },
    startOthers: async () => {
      await startAll(specs(await migrate(later)));
    },
    launch: (name, own) => launchService(context, name, { site, plan }, own),
  };
}

async function siteOf({
  plan,
  config,
  layout,
  ports,
  table,
  onNotice,
}: BringUp): Promise<StackSite> {
  const { guard, events } = table;
  return openSite({
    layout,
    ports,
    tls: plan.tls ? await provideTls(layout.tls) : null,
    java: config.java,
    guard,
    events,
    notice: onNotice,
    adopt: (process) => table.adopt(process),
  });
}

/** Starts the wallet's chains if the wallet runs. The code for chains is loaded only if needed. */
function chainsOf(
  { venues, pace, chains = {} }: SystemPlan,
  site: StackSite,
): readonly Promise<NonNullable<RunFile['chains']>>[] {
  if (!venues.some((venue) => venueOf(venue).isChains)) return [];
  const { walletKeys, walletKek } = site.secrets;
  const options = { ...site, walletKeys, walletKek, pace, options: chains };
  return [
    import('../chains/provide-chains.js').then(({ provideChains }) => provideChains(options)),
  ];
}

function starterOf(
  { plan, table, keepsUnready }: BringUp,
  site: StackSite,
  step: ReturnType<typeof stepTimer>,
): {
  start(spec: ProgramSpec): Promise<void>;
  startAll(specs: readonly ProgramSpec[]): Promise<unknown>;
} {
  const start = async (spec: ProgramSpec): Promise<void> => {
    const environment = async (): Promise<Environment> => ({
      ...(await spec.environment()),
      ...table.environmentOf(spec.name),
    });
    table.adopt(await startServiceProcess({ ...spec, environment }, site));
  };
  return {
    start,
    startAll: (specs) =>
      settleAll(
        plan.serversOnly
          ? []
          : specs.map((spec) => step(spec.log ?? spec.name, start({ ...spec, keepsUnready }))),
      ),
  };
}

/**
 * Returns a migration of databases that gives the migrated services. Each database is migrated on
 * its own: with `keepsUnready`, a failure leaves out only its service.
 */
function migrationOf(
  { config, table, keepsUnready }: BringUp,
  site: StackSite,
): (names: readonly ServiceName[]) => Promise<readonly ServiceName[]> {
  const migrateOne = async (name: ServiceName): Promise<readonly ServiceName[]> => {
    try {
      await migrateDatabases(site, [name], config);
      return [name];
    } catch (error) {
      if (!keepsUnready || !(error instanceof SetupError)) throw error;
      table.events.onUnready?.(name, error);
      return [];
    }
  };
  return async (names) => (await settleAll(names.map(migrateOne))).flat();
}

async function contextsOfAll(
  context: SystemContext,
  instances: number,
): Promise<readonly SystemContext[]> {
  const all = [context];
  let { ports } = context;
  while (all.length < instances) {
    ports = await portsOfAnother(ports);
    all.push({ ...context, ports });
  }
  return all;
}

function everyInstance(
  contexts: readonly SystemContext[],
  specsOf: (context: SystemContext) => readonly ProgramSpec[],
): readonly ProgramSpec[] {
  const [first = [], ...others] = contexts.map(specsOf);
  const numbered = others.map((specs, n) =>
    specs.map((spec) => ({ ...spec, log: `${spec.name}-${n + 2}` })),
  );
  return [...first, ...numbered.flat()];
}

/** Returns a URL with requests balanced over every instance of the public API. */
async function spread(contexts: readonly SystemContext[], table: ProcessTable): Promise<string> {
  const balancer = await PortBalancer.open(contexts.map(({ ports }) => ports['intake-api']));
  table.adoptBalancer(balancer);
  return serviceUrlOf(balancer.port, contexts[0]?.tls ?? null);
}

function endpoints(
  { ports, secrets, brokers, kafkaAsksLogins, databases, tls }: SystemContext,
  venues: readonly VenueName[],
  services: readonly ServiceName[],
): Omit<Endpoints, 'issuer'> {
  const simulators = Object.fromEntries(
    venues.filter(isSimulated).map((venue) => [venue, simulatorOf(ports, venue)]),
  );
  const admin = Object.fromEntries(
    services.map((name) => [endpointOf(name), serviceUrlOf(adminPortOf(ports, name), tls)]),
  );
  return {
    intake_url: serviceUrlOf(ports['intake-api'], tls),
    webhooks_url: serviceUrlOf(adminPortOf(ports, 'webhooks'), tls),
    ...(services.includes(CONSOLE) && { console_url: consoleUrlOf(ports, tls) }),
    kafka_brokers: brokers,
    ...(kafkaAsksLogins && { kafka_logins: kafkaLogins(secrets) }),
    ...(tls && { ca_file: tls.caFile }),
    databases,
    simulators: simulators as Endpoints['simulators'],
    internal: admin as AdminEndpoints,
  };
}

function peopleOf({ tokenUrl, people }: LocalIssuer): LocalPeople {
  return { token_url: tokenUrl, people };
}

function kafkaLogins({ kafkaAdmin, kafka }: StackSecrets): NonNullable<RunFile['kafka_logins']> {
  return { admin: adminLogin(kafkaAdmin), downstream: kafkaLogin(DOWNSTREAM, kafka[DOWNSTREAM]) };
}

function simulatorOf(ports: StackPorts, venue: SimulatedName): string {
  return urlOf(ports[`simulator-${venue}`]);
}

function stepTimer(onStep: BringUp['onStep']): <T>(step: string, work: Promise<T>) => Promise<T> {
  return async (step, work) => {
    const since = Date.now();
    const result = await work;
    onStep(step, Date.now() - since);
    return result;
  };
}
