import type { AdminTarget } from '@sluice/admin-client';
import {
  APPROVER,
  DEMO_PERSON,
  FIRST_VENUE,
  kafkaAccessOf,
  layoutOf,
  specOf,
  startSystem,
  superuserUrlOf,
  type Environment,
  type ServiceName,
} from '@sluice/stack';
import { kafkaClient } from '@sluice/test-servers';

/** A service alone, as plain data. */
interface Plan {
  readonly service: ServiceName;
  /** Settings of the service, in addition to the settings of the stack. */
  readonly environment?: Environment;
  /** Node options of the service's process, for example `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

/** A stopped process may have to write its profile first. */
const STOP_GRACE_MS = 120_000;

/**
 * Starts a service alone with PostgreSQL and Kafka, with production's durability. The service may
 * be stopped and started again.
 */
export async function startServiceWorld(
  home: string,
  { service, environment = {}, nodeOptions = [] }: Plan,
) {
  const system = await startSystem({
    home,
    serversOnly: true,
    venues: [FIRST_VENUE],
    pace: 'fast',
    logLevel: 'warn',
  });
  const own = { environment, flags: nodeOptions, stopGraceMs: STOP_GRACE_MS };
  const process = await system.launch(service, own).catch(async (error: unknown) => {
    await system.stop();
    throw error;
  });
  const adminOf = (person: string): AdminTarget => ({
    service,
    baseUrl: process.adminUrl,
    token: () => system.issuer.tokenOf(person),
  });
  const pid = (): number => process.pid() ?? 0;
  return {
    layout: layoutOf(home),
    url: process.url,
    admin: adminOf(DEMO_PERSON),
    /** Admin target of the person approving requests. */
    approver: adminOf(APPROVER),
    /** URL of the service's database as the superuser. */
    databaseUrl: superuserUrlOf(system, specOf(service).database),
    kafka: kafkaClient(kafkaAccessOf(system.run), 'bench'),
    start: () => process.restart(),
    stopService: () => process.stop(),
    pid,
    pids: () => {
      const { postgres = 0, kafka = 0 } = system.run.processes;
      return { [service]: pid(), postgres, kafka };
    },
    stop: async (): Promise<void> => {
      await process.stop();
      await system.stop();
    },
  };
}
