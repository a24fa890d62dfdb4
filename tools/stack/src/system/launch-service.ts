import { portsOfAnother } from '../layout/stack-ports.js';
import type { ServiceName } from '../tables/services.js';
import { serviceUrlOf, type Environment, type SystemContext } from './service-environment.js';
import { serviceSpec, startServiceProcess } from './service-process.js';
import type { StackSite } from './stack-site.js';
import type { SystemPlan } from './system-plan.js';

/** Additional process of a service, without a restart after the end. */
export interface LaunchedService {
  /** URL of the main port: the public API of intake-api, the admin API of other services. */
  readonly url: string;
  /** Stops gracefully: finishes accepted work and publishes decisions. */
  stop(): Promise<void>;
  /** Kills the process without a graceful shutdown. */
  kill(): Promise<void>;
}

/**
 * Starts an additional process of a service on free ports: same database, same consumer group, same
 * settings. Resolves when the process is ready.
 */
export async function launchService(
  context: SystemContext,
  name: ServiceName,
  { site, plan }: { readonly site: StackSite; readonly plan: SystemPlan },
): Promise<LaunchedService> {
  const own = { ...context, ports: await portsOfAnother(context.ports) };
  const spec = serviceSpec(own, name, plan.pace);
  const environment = async (): Promise<Environment> => ({
    ...(await spec.environment()),
    ...plan.environment[name],
  });
  const process = await startServiceProcess(
    { ...spec, environment, log: `second-${name}`, restart: false },
    { ...site, events: {} },
  );
  return {
    url: serviceUrlOf(own.ports[name], own.tls),
    stop: () => process.stop(),
    kill: () => process.kill('SIGKILL'),
  };
}
