import type { AdminTarget } from '@sluice/admin-client';
import {
  accessOf,
  adminPortOf,
  APPROVER,
  contextOf,
  databaseUrl,
  DEMO_PERSON,
  layoutOf,
  migrateDatabases,
  ofEach,
  openKafka,
  openSite,
  serviceSpec,
  specOf,
  startKafkaOf,
  startPostgresOf,
  startServiceProcess,
  type Environment,
  type ServiceName,
  type StackSite,
} from '@sluice/stack';
import { EventSigningKey } from '@sluice/signing';
import {
  kafkaClient,
  LocalIssuer,
  startGuard,
  type PostgresServer,
  type SupervisedProcess,
} from '@sluice/test-servers';

/** A service alone, as plain data. */
interface Plan {
  readonly service: ServiceName;
  /** False: no Kafka runs, and the service lives without becoming ready (default: Kafka runs). */
  readonly kafka?: boolean;
  readonly logLevel?: string;
  /** Settings of the service, in addition to the settings of the stack. */
  readonly environment?: Environment;
  /** Node options of the service's process, for example `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

/** Without Kafka: no broker is at this address. */
const NO_BROKER = '127.0.0.1:1';

/** A stopped process may have to write its profile first. */
const STOP_GRACE_MS = 120_000;

/**
 * Prepares a service alone with PostgreSQL and Kafka, with production's durability. The service
 * runs from `start` to `stopService`, any number of times.
 */
export async function startServiceWorld(home: string, plan: Plan) {
  const { service, kafka = true } = plan;
  const site = await openSite({ layout: layoutOf(home), guard: startGuard() });
  const postgres = await startPostgresOf(site, { databases: [service], restart: false });
  const brokers = kafka ? await startKafkaOf(site, { kafkaLogins: false, restart: false }) : [];
  const access = kafka ? accessOf(brokers) : { brokers: [NO_BROKER] };
  if (kafka) await openKafka(access, site.secrets);
  await migrateDatabases(site, [service]);
  const issuer = await LocalIssuer.start();
  const running = new RunningService(site, plan, {
    brokers: access.brokers,
    issuer: issuer.url,
  });
  const adminOf = (person: string): AdminTarget => ({
    service,
    baseUrl: `http://127.0.0.1:${adminPortOf(site.ports, service)}`,
    token: () => issuer.tokenOf(person),
  });
  return {
    layout: site.layout,
    url: `http://127.0.0.1:${site.ports[service]}`,
    admin: adminOf(DEMO_PERSON),
    /** Admin target of the person approving requests. */
    approver: adminOf(APPROVER),
    /** URL of the service's database as the superuser. */
    databaseUrl: databaseUrlOf(postgres, service),
    kafka: kafkaClient(access, 'bench'),
    /** Key that signs public events, as intake-api has it. */
    eventsKey: EventSigningKey.parse(site.secrets.eventsSigningKey),
    start: () => running.start(),
    stopService: () => running.stop(),
    pid: () => running.pid(),
    pids: () => ({
      [service]: running.pid(),
      postgres: postgres.process.pid() ?? 0,
      kafka: brokers[0]?.process.pid() ?? 0,
    }),
    stop: async (): Promise<void> => {
      await running.stop();
      await Promise.all([...brokers, postgres, issuer].map((one) => one.stop()));
    },
  };
}

function databaseUrlOf(postgres: PostgresServer, service: ServiceName): string {
  return postgres.adminUrl(specOf(service).database);
}

/** The measured process. */
class RunningService {
  private process: SupervisedProcess | undefined;

  constructor(
    private readonly site: StackSite,
    private readonly plan: Plan,
    private readonly addresses: { readonly brokers: readonly string[]; readonly issuer: string },
  ) {}

  pid(): number {
    return this.process?.pid() ?? 0;
  }

  /** Resolves when the process is ready, or lives without Kafka. */
  async start(): Promise<void> {
    if (this.process) return this.process.restart();
    this.process = await this.launch();
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  private launch(): Promise<SupervisedProcess> {
    const { site, plan, addresses } = this;
    const { service, kafka = true, nodeOptions = [] } = plan;
    const context = contextOf(site, {
      ...addresses,
      kafkaAsksLogins: false,
      databases: ofEach([service], (name) =>
        databaseUrl(name, site.secrets, { port: site.ports.postgres }),
      ),
      logLevel: plan.logLevel ?? 'warn',
    });
    const { aliveUrl = '', ...spec } = serviceSpec(context, service, 'fast');
    return startServiceProcess(
      {
        ...spec,
        flags: [...spec.flags, ...nodeOptions],
        environment: async () => ({ ...(await spec.environment()), ...plan.environment }),
        readyUrls: kafka ? spec.readyUrls : [aliveUrl],
        stopGraceMs: STOP_GRACE_MS,
        restart: false,
      },
      site,
    );
  }
}
