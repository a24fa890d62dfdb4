import { ALL_TOPICS } from '@sluice/messages';
import type { StackConfig } from '../config.js';
import { CORE_NAMES, PARTITIONS, type ServiceName } from '../services.js';
import { connectorOf, venueOf, type VenueName } from '../venues.js';
import type { Layout } from './layout.js';
import type { ProcessTable, Endpoints } from './process-table.js';
import { migrateDatabases, provideKafka, providePostgres, type ServerContext } from './servers.js';
import { endpointOf, type AdminEndpoints } from './run-file.js';
import {
  connectorSpec,
  coreSpecs,
  simulatorSpec,
  startServiceProcess,
  type ServiceContext,
  type ProgramSpec,
} from './service-process.js';
import { urlOf, type SystemContext } from './service-environment.js';
import { setUp, type Pace } from '../clients/simulator-client.js';
import { adminPortOf, loadPorts, type StackPorts } from './stack-ports.js';
import { loadSecrets } from './stack-secrets.js';
import { settleAll } from './settle-all.js';

export interface BringUp {
  readonly config: StackConfig;
  readonly layout: Layout;
  readonly table: ProcessTable;
  readonly pace: Pace;
  readonly venues: readonly VenueName[];
  readonly serversOnly: boolean;
  readonly onStep: (step: string, tookMs: number) => void;
  readonly onNotice: (text: string) => void;
}

/** What is up, and how to go on. */
export interface Up {
  readonly endpoints: Endpoints;
  /** Starts the connectors that nothing waits for. */
  startOthers(): Promise<void>;
}

/** Servers and simulator side by side, then what the first withdrawal needs; the connectors of the other venues only when startOthers is called. */
export async function bringUp(options: BringUp): Promise<Up> {
  const { config, layout, table, pace, venues } = options;
  const ports = await loadPorts(layout.ports);
  const secrets = loadSecrets(layout.secrets);
  const { guard, events } = table;
  const servers: ServerContext = {
    config,
    venues,
    layout,
    ports,
    secrets,
    guard,
    events,
    topics: ALL_TOPICS.map(({ name }) => ({ name, partitions: PARTITIONS })),
    notice: options.onNotice,
    adopt: (process) => table.adopt(process),
  };

  const step = stepTimer(options.onStep);
  const services: ServiceContext = {
    layout,
    guard,
    events,
    extraEnvironment: (name) => table.environmentOf(name),
  };
  const start = async (spec: ProgramSpec): Promise<void> =>
    table.adopt(await startServiceProcess(spec, services));
  const startAll = (specs: readonly ProgramSpec[]): Promise<unknown> =>
    settleAll(options.serversOnly ? [] : specs.map((spec) => step(spec.name, start(spec))));

  const startSimulator = async (): Promise<void> => {
    await start(simulatorSpec(ports, venues, layout, config.logLevel, pace));
    await settleAll(
      venues.map((venue) => setUp(simulatorOf(ports, venue), pace, settingsOf(ports, venue))),
    );
  };
  const [firstVenue, ...otherVenues] = venues.map(connectorOf);
  const needed: readonly ServiceName[] = [...CORE_NAMES, ...(firstVenue ? [firstVenue] : [])];
  const later = options.serversOnly ? [] : otherVenues;
  const startDatabases = async (): Promise<SystemContext['databases']> => {
    const urls = await providePostgres(servers);
    await migrateDatabases(servers, options.serversOnly ? [...needed, ...otherVenues] : needed);
    return urls;
  };
  const [databases, brokers] = await settleAll([
    step(config.existing ? 'PostgreSQL (yours)' : 'PostgreSQL', startDatabases()),
    step(config.kafkaBrokers ? 'Kafka (yours)' : 'Kafka', provideKafka(servers)),
    step('venue simulator', startSimulator()),
  ]);
  const context: SystemContext = {
    ports,
    secrets,
    brokers,
    databases,
    logLevel: config.logLevel,
  };
  const [first, ...others] = venues.map((venue) => connectorSpec(context, venue, pace));
  await startAll([...coreSpecs(context, pace), ...(first ? [first] : [])]);
  return {
    endpoints: endpoints(context, venues),
    startOthers: async () => {
      await migrateDatabases(servers, later);
      await startAll(others);
    },
  };
}

function endpoints(
  { ports, secrets, brokers, databases }: SystemContext,
  venues: readonly VenueName[],
): Endpoints {
  const simulators = Object.fromEntries(venues.map((venue) => [venue, simulatorOf(ports, venue)]));
  const running: readonly ServiceName[] = [...CORE_NAMES, ...venues.map(connectorOf)];
  const admin = Object.fromEntries(
    running.map((name) => [endpointOf(name), urlOf(adminPortOf(ports, name))]),
  );
  return {
    intake_url: urlOf(ports['intake-api']),
    kafka_brokers: brokers,
    databases,
    simulators: simulators as Endpoints['simulators'],
    internal: { ...admin, token: secrets.internalToken } as AdminEndpoints,
  };
}

function simulatorOf(ports: StackPorts, venue: VenueName): string {
  return urlOf(ports[`simulator-${venue}`]);
}

function settingsOf(ports: StackPorts, venue: VenueName): object {
  return venueOf(venue).settings?.(urlOf(ports[connectorOf(venue)])) ?? {};
}

function stepTimer(onStep: BringUp['onStep']): <T>(step: string, work: Promise<T>) => Promise<T> {
  return async (step, work) => {
    const since = Date.now();
    const result = await work;
    onStep(step, Date.now() - since);
    return result;
  };
}
