import { ALL_TOPICS } from '@sluice/messages';
import type { StackConfig } from '../config.js';
import type { Layout } from './layout.js';
import type { ProcessTable, Whereabouts } from './process-table.js';
import { ledgerOwnerUrl, provideKafka, providePostgres, type ServerContext } from './servers.js';
import { serviceSpecs, simulatorSpec, startServiceProcess, type ServiceContext, type ServiceSpec } from './services.js';
import { urlOf, type Surroundings } from './service-environment.js';
import { setPace, type Pace } from './simulator-doors.js';
import { loadPorts } from './stack-ports.js';
import { loadSecrets } from './stack-secrets.js';
import { together } from './together.js';

export interface BringUp {
  readonly config: StackConfig;
  readonly layout: Layout;
  readonly table: ProcessTable;
  readonly pace: Pace;
  readonly serversOnly: boolean;
  readonly onStep: (step: string, tookMs: number) => void;
  readonly onNotice: (text: string) => void;
}

const PARTITIONS = 6;

/** Servers and simulator side by side, then the services side by side. */
export async function bringUp(options: BringUp): Promise<Whereabouts> {
  const { config, layout, table, pace } = options;
  const ports = await loadPorts(layout.ports);
  const secrets = loadSecrets(layout.secrets);
  const topics = ALL_TOPICS.map(({ name }) => ({ name, partitions: PARTITIONS }));
  const { guard, events } = table;
  const servers: ServerContext = {
    config,
    layout,
    ports,
    secrets,
    guard,
    events,
    topics,
    notice: options.onNotice,
    adopt: (process) => table.adopt(process),
  };

  const step = stepTimer(options.onStep);
  const services: ServiceContext = { layout, guard, events, extraEnvironment: (name) => table.environmentOf(name) };
  const start = async (spec: ServiceSpec): Promise<void> => table.adopt(await startServiceProcess(spec, services));

  const simulatorUrl = urlOf(ports['venue-simulator']);
  const startSimulator = async (): Promise<void> => {
    await start(simulatorSpec(ports, layout, config.logLevel));
    await setPace(simulatorUrl, pace);
  };
  const [databases, brokers] = await together([
    step(config.databaseUrls ? 'PostgreSQL (yours)' : 'PostgreSQL', providePostgres(servers)),
    step(config.kafkaBrokers ? 'Kafka (yours)' : 'Kafka', provideKafka(servers)),
    step('Gate.io simulator', startSimulator()),
  ]);
  const world: Surroundings = { ports, secrets, brokers, databases, ledgerOwner: ledgerOwnerUrl(servers), logLevel: config.logLevel };
  const specs = options.serversOnly ? [] : serviceSpecs(world, simulatorUrl, pace);
  await together(specs.map((spec) => step(spec.name, start(spec))));
  return whereabouts(world, simulatorUrl);
}

function whereabouts({ ports, secrets, brokers, databases }: Surroundings, simulatorUrl: string): Whereabouts {
  return {
    intake_url: urlOf(ports['intake-api']),
    kafka_brokers: brokers,
    databases,
    simulators: { gateio: simulatorUrl },
    internal: {
      token: secrets.internalToken,
      intake_api: urlOf(ports.intakeInternal),
      ledger: urlOf(ports.ledger),
      connector_gateio: urlOf(ports['connector-gateio']),
    },
  };
}

function stepTimer(onStep: BringUp['onStep']): <T>(step: string, work: Promise<T>) => Promise<T> {
  return async (step, work) => {
    const since = Date.now();
    const result = await work;
    onStep(step, Date.now() - since);
    return result;
  };
}
