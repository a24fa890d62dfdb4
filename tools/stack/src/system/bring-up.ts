import type { LocalIssuer } from '@sluice/test-servers';
import type { ChainOptions } from '../chains/provide-chains.js';
import type { StackConfig } from './config.js';
import { servicesWith, type ServiceName } from '../tables/services.js';
import { adminLogin, DOWNSTREAM, kafkaLogin } from '../tables/kafka-logins.js';
import {
  connectorOf,
  isSimulated,
  simulatedOf,
  venueOf,
  type SimulatedName,
  type VenueName,
} from '../tables/venues.js';
import type { Layout } from '../layout/layout.js';
import { PortBalancer } from './port-balancer.js';
import type { ProcessTable, Endpoints } from './process-table.js';
import { migrateDatabases, provideKafka, providePostgres, type ServerContext } from './servers.js';
import {
  endpointOf,
  type AdminEndpoints,
  type LocalPeople,
  type RunFile,
} from '../layout/run-file.js';
import {
  serviceSpec,
  simulatorSpec,
  startServiceProcess,
  type ServiceContext,
  type ProgramSpec,
} from './service-process.js';
import { serviceUrlOf, urlOf, type SystemContext } from './service-environment.js';
import { provideTls, type LocalTls } from './local-tls.js';
import { setUp } from '../clients/simulator-client.js';
import type { Pace } from '../tables/pace.js';
import { adminPortOf, portsOfAnother, type StackPorts } from '../layout/stack-ports.js';
import { loadSecrets, writeMessageKeys, type StackSecrets } from './stack-secrets.js';
import { provideAuditKeys } from './audit-keys.js';
import { settleAll } from './settle-all.js';

interface BringUp {
  readonly config: StackConfig;
  readonly layout: Layout;
  readonly table: ProcessTable;
  readonly ports: StackPorts;
  readonly issuer: LocalIssuer;
  readonly pace: Pace;
  readonly venues: readonly VenueName[];
  readonly serversOnly: boolean;
  readonly brokers?: 1 | 3;
  readonly tls: boolean;
  readonly chains?: ChainOptions;
  readonly instances: number;
  readonly onStep: (step: string, tookMs: number) => void;
  readonly onNotice: (text: string) => void;
}

/** The running parts of the system. */
interface Up {
  readonly endpoints: Endpoints;
  /** Starts the services not needed for the first withdrawal. */
  startOthers(): Promise<void>;
}

/**
 * Starts the servers and the simulator in parallel, followed by the services needed for the first
 * withdrawal. The services of the other venues start only on startOthers.
 */
export async function bringUp(options: BringUp): Promise<Up> {
  const { config, layout, table, ports, issuer, pace, venues } = options;
  const secrets = loadSecrets(layout.secrets);
  writeMessageKeys(layout, secrets);
  const tls = options.tls ? await provideTls(layout.tls) : null;
  const servers = serversOf(options, secrets, tls);

  const step = stepTimer(options.onStep);
  const { start, startAll } = starterOf(options, step);

  const simulated = venues.filter(isSimulated);
  const startSimulator = async (): Promise<void> => {
    await start(simulatorSpec(ports, simulated, layout, config.logLevel, pace, tls));
    await settleAll(
      simulated.map((venue) =>
        setUp(simulatorOf(ports, venue), pace, settingsOf(ports, venue, tls)),
      ),
    );
  };
  const first = venues.slice(0, 1);
  const needed = servicesWith(first);
  const others = servicesWith(venues).filter((name) => !needed.includes(name));
  const later = options.serversOnly ? [] : others;
  const startDatabases = async (): Promise<SystemContext['databases']> => {
    const urls = await providePostgres(servers);
    await migrateDatabases(servers, options.serversOnly ? [...needed, ...others] : needed);
    return urls;
  };
  const [databases, kafka, , chains] = await settleAll([
    step(config.existing ? 'PostgreSQL (yours)' : 'PostgreSQL', startDatabases()),
    step(config.kafkaBrokers ? 'Kafka (yours)' : 'Kafka', provideKafka(servers)),
    step('venue simulator', startSimulator()),
    ...chainsOf(options, servers).map((starts) => step('chains', starts)),
  ]);
  const context: SystemContext = {
    ports,
    secrets,
    brokers: kafka.brokers,
    kafkaAsksLogins: kafka.login !== undefined,
    databases,
    issuer: issuer.url,
    auditKeys: provideAuditKeys(layout),
    logLevel: config.logLevel,
    tls,
    walletKeys: layout.walletKeys,
    chainsFor: (name) => layout.chainsFor(name),
    messageKeysOf: (name) => layout.messageKeysOf(name),
  };
  const contexts = await contextsOfAll(context, options.instances);
  const specs = (names: readonly ServiceName[]): readonly ProgramSpec[] =>
    everyInstance(contexts, (one) => names.map((name) => serviceSpec(one, name, pace)));
  await startAll(specs(needed));
  return {
    endpoints: {
      ...endpoints(context, venues),
      ...(contexts.length > 1 && { intake_url: await spread(contexts, table) }),
      ...(chains && { chains }),
      issuer: peopleOf(issuer),
    },
    startOthers: async () => {
      await migrateDatabases(servers, later);
      await startAll(specs(others));
    },
  };
}

function serversOf(
  { config, venues, layout, ports, table, onNotice, brokers }: BringUp,
  secrets: StackSecrets,
  tls: LocalTls | null,
): ServerContext {
  const { guard, events } = table;
  return {
    config,
    tls,
    venues,
    layout,
    ports,
    secrets,
    guard,
    events,
    brokers,
    notice: onNotice,
    adopt: (process) => table.adopt(process),
  };
}

/** Starts the wallet's chains if the wallet runs. The code for chains is loaded only if needed. */
function chainsOf(
  { venues, pace, chains = {} }: BringUp,
  servers: ServerContext,
): readonly Promise<NonNullable<RunFile['chains']>>[] {
  if (!venues.some((venue) => venueOf(venue).isChains)) return [];
  const { walletKeys, walletKek } = servers.secrets;
  const options = { ...servers, walletKeys, walletKek, pace, options: chains };
  return [
    import('../chains/provide-chains.js').then(({ provideChains }) => provideChains(options)),
  ];
}

function starterOf(
  { layout, table, serversOnly }: BringUp,
  step: ReturnType<typeof stepTimer>,
): {
  start(spec: ProgramSpec): Promise<void>;
  startAll(specs: readonly ProgramSpec[]): Promise<unknown>;
} {
  const services: ServiceContext = {
    layout,
    guard: table.guard,
    events: table.events,
    extraEnvironment: (name) => table.environmentOf(name),
  };
  const start = async (spec: ProgramSpec): Promise<void> =>
    table.adopt(await startServiceProcess(spec, services));
  return {
    start,
    startAll: (specs) =>
      settleAll(serversOnly ? [] : specs.map((spec) => step(spec.log ?? spec.name, start(spec)))),
  };
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
): Omit<Endpoints, 'issuer'> {
  const simulators = Object.fromEntries(
    venues.filter(isSimulated).map((venue) => [venue, simulatorOf(ports, venue)]),
  );
  const admin = Object.fromEntries(
    servicesWith(venues).map((name) => [
      endpointOf(name),
      serviceUrlOf(adminPortOf(ports, name), tls),
    ]),
  );
  return {
    intake_url: serviceUrlOf(ports['intake-api'], tls),
    webhooks_url: serviceUrlOf(adminPortOf(ports, 'webhooks'), tls),
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

function settingsOf(ports: StackPorts, venue: SimulatedName, tls: LocalTls | null): object {
  return simulatedOf(venue).settings?.(serviceUrlOf(ports[connectorOf(venue)], tls)) ?? {};
}

function stepTimer(onStep: BringUp['onStep']): <T>(step: string, work: Promise<T>) => Promise<T> {
  return async (step, work) => {
    const since = Date.now();
    const result = await work;
    onStep(step, Date.now() - since);
    return result;
  };
}
