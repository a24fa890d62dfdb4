import { join } from 'node:path';
import { superviseProcess, workspaceRoot, type SupervisedProcess } from '@sluice/test-servers';
import { SimulatorControl } from '@sluice/test-kit';
import type { Pace } from '../tables/venues/venue.js';
import type { ServiceName } from '../tables/services.js';
import {
  SIMULATED_NAMES,
  appOf,
  isSimulated,
  venueOfConnector,
  type SimulatedName,
} from '../tables/venues.js';
import type { ProgramName } from '../layout/run-file.js';
import {
  connectorEnvironment,
  serviceEnvironment,
  serviceUrlOf,
  simulatorEnvironment,
  urlOf,
  type Environment,
  type SystemContext,
} from './service-environment.js';
import { adminPortOf, portsOfAnother } from '../layout/layout.js';
import { readinessFault } from './readiness-fault.js';
import type { StackSite, SystemPlan } from './system-plan.js';

export interface ProgramSpec {
  readonly name: ProgramName;
  /** Name of the process in events (default: the program's name). */
  readonly process?: string;
  /** Name of the log: the program's name, with a number for additional instances. */
  readonly log?: string;
  /** Checkout with the built program, at each start (default: this checkout). */
  readonly code?: () => string;
  readonly args?: readonly string[];
  /** Environment of the next life. */
  readonly environment: () => Environment | Promise<Environment>;
  /** Node flags. */
  readonly flags: readonly string[];
  /** URLs answering 200 while the program is ready; all must answer. */
  readonly readyUrls: readonly string[];
  /** URL answering 200 while the process lives, even if dependencies are unavailable. */
  readonly aliveUrl?: string;
  readonly readyTimeoutMs?: number;
  /** Default: longer than the services' own drain, which gives up after 20 s. */
  readonly stopGraceMs?: number;
  /** False: an ended process is not restarted (default: restarted). */
  readonly restart?: boolean;
  /** True: a process that is not ready at its first start is kept as well (default: the start fails). */
  readonly keepsUnready?: boolean;
}

/**
 * Specification of the simulator process: a single process for all simulated venues, each with a
 * separate port and book.
 */
export function simulatorSpec(
  { ports, layout, tls }: Pick<StackSite, 'ports' | 'layout' | 'tls'>,
  venues: readonly SimulatedName[],
  logLevel: string,
  pace: Pace,
): ProgramSpec {
  const named = venues.map((venue) => `${venue}=${ports[`simulator-${venue}`]}`).join(',');
  return {
    name: 'venue-simulator',
    args: ['all', '--ports', named, '--data', layout.simulators],
    environment: () => simulatorEnvironment(logLevel, tls),
    flags: nodeFlags(pace),
    readyUrls: venues.map((venue) => `${urlOf(ports[`simulator-${venue}`])}/_sim/credentials`),
  };
}

/**
 * Specification of a service process. On start, a connector of a simulated venue receives the
 * credentials from the simulator.
 */
export function serviceSpec(context: SystemContext, name: ServiceName, pace: Pace): ProgramSpec {
  const venue = venueOfConnector(name);
  return {
    name,
    environment: () =>
      venue !== undefined && isSimulated(venue)
        ? simulatedEnvironment(context, venue, pace)
        : serviceEnvironment(context, name),
    flags: nodeFlags(venue === undefined || venue === SIMULATED_NAMES[0] ? pace : 'real'),
    ...healthUrlsOf(context, name),
  };
}

async function simulatedEnvironment(
  context: SystemContext,
  venue: SimulatedName,
  pace: Pace,
): Promise<Environment> {
  const simulator = new SimulatorControl(urlOf(context.ports[`simulator-${venue}`]));
  const { credentialsOf = () => simulator.credentials() } = context;
  return connectorEnvironment(context, venue, await credentialsOf(venue), pace);
}

function healthUrlsOf(
  { ports, tls }: SystemContext,
  name: ServiceName,
): Pick<ProgramSpec, 'readyUrls' | 'aliveUrl'> {
  const url = serviceUrlOf(adminPortOf(ports, name), tls);
  return { readyUrls: [`${url}/readyz`], aliveUrl: `${url}/healthz` };
}

/**
 * V8 heap flags. Under load messages live for the duration of a batch, and a small young generation
 * would copy them several times. If little data lives long, V8 collects the old generation after a
 * growth of a fifth to a half. At 50 withdrawals a second this happens every three seconds, on all
 * cores. With 300 percent the old generation may grow to four times the live data, as V8 allows by
 * default under load (ADR 5). At real pace, few withdrawals pass the venues' limits. Both flags
 * would waste memory shared by eight services.
 */
const HEAPS: Readonly<Record<Pace, readonly string[]>> = {
  fast: ['--max-semi-space-size=32', '--heap-growing-percent=300'],
  real: ['--max-semi-space-size=4'],
};

/**
 * Heap limit far above the need of any service. At 2 GiB or more, V8 lets the old generation grow
 * to four times the live data, slightly below only to two times. Half of this limit saves some 80
 * MB more under load, but costs the ledger a quarter of the speed (ADR 2).
 */
const OLD_MB = 2_000;

/** Node flags of a busy service, standalone or in a benchmark. */
export const SERVICE_NODE_FLAGS: readonly string[] = nodeFlags('fast');

function nodeFlags(pace: Pace): readonly string[] {
  return ['--enable-source-maps', ...HEAPS[pace], `--max-old-space-size=${OLD_MB}`];
}

/** Starts an app under supervision and waits for HTTP 200 from the readiness endpoint. */
export function startServiceProcess(
  { name, process: processName = name, log = name, code = workspaceRoot, ...spec }: ProgramSpec,
  { layout, guard, events }: Pick<StackSite, 'layout' | 'guard' | 'events'>,
): Promise<SupervisedProcess> {
  const { aliveUrl, args = [], readyTimeoutMs = 60_000, stopGraceMs = 22_000 } = spec;
  return superviseProcess({
    name: processName,
    command: async () => ({
      command: process.execPath,
      args: [...spec.flags, join(code(), 'apps', appOf(name), 'dist', 'main.js'), ...args],
      env: await spec.environment(),
      cwd: code(),
    }),
    logFile: layout.logOf(log),
    ready: async () => void (await Promise.all(spec.readyUrls.map((url) => answersOk(url)))),
    readyTimeoutMs,
    ...(aliveUrl !== undefined && { alive: () => answersOk(aliveUrl, 10_000) }),
    stopGraceMs,
    restart: spec.restart ?? true,
    keepsUnready: spec.keepsUnready ?? false,
    guard,
    events,
  });
}

async function answersOk(url: string, withinMs = 3_000): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(readinessFault(url, response.status, body));
}

/** Additional process of a service, without a restart after the end. */
export interface LaunchedService {
  /** URL of the main port: the public API of intake-api, the admin API of other services. */
  readonly url: string;
  readonly adminUrl: string;
  /** Undefined while the process does not run. */
  pid(): number | undefined;
  /** Starts the process again, also after `stop`. */
  restart(): Promise<void>;
  /** Stops gracefully: finishes accepted work and publishes decisions. */
  stop(): Promise<void>;
  /** Kills the process without a graceful shutdown. */
  kill(): Promise<void>;
}

/** Differences from the processes of the plan. */
export interface LaunchOptions extends Partial<Pick<ProgramSpec, 'stopGraceMs'>> {
  readonly environment?: Environment;
  /** Additional Node flags, for example `--cpu-prof`. */
  readonly flags?: readonly string[];
}

/**
 * Starts an additional process of a service on free ports: same database, same consumer group, same
 * settings. Resolves when the process is ready.
 */
export async function launchService(
  context: SystemContext,
  name: ServiceName,
  { site, plan }: { readonly site: StackSite; readonly plan: SystemPlan },
  { environment: added = {}, flags = [], ...own }: LaunchOptions = {},
): Promise<LaunchedService> {
  const ports = await portsOfAnother(context.ports);
  const spec = serviceSpec({ ...context, ports }, name, plan.pace);
  const environment = async (): Promise<Environment> => ({
    ...(await spec.environment()),
    ...plan.environment[name],
    ...added,
  });
  const process = await startServiceProcess(
    {
      ...spec,
      ...own,
      flags: [...spec.flags, ...flags],
      environment,
      log: `second-${name}`,
      restart: false,
    },
    { ...site, events: {} },
  );
  return {
    url: serviceUrlOf(ports[name], context.tls),
    adminUrl: serviceUrlOf(adminPortOf(ports, name), context.tls),
    pid: () => process.pid(),
    restart: () => process.restart(),
    stop: () => process.stop(),
    kill: () => process.kill('SIGKILL'),
  };
}
