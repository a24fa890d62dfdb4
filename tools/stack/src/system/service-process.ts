import { join } from 'node:path';
import {
  type ProcessGuard,
  superviseProcess,
  type SupervisedProcess,
  type SupervisorEvents,
  workspaceRoot,
} from '@sluice/test-servers';
import { readCredentials, type Pace } from '../clients/simulator-client.js';
import type { ServiceName } from '../services.js';
import { isSimulated, SIMULATED_NAMES, venueOfConnector, type SimulatedName } from '../venues.js';
import type { Layout } from './layout.js';
import type { LocalTls } from './local-tls.js';
import type { ProgramName } from './run-file.js';
import {
  connectorEnvironment,
  serviceEnvironment,
  serviceUrlOf,
  simulatorEnvironment,
  urlOf,
  type Environment,
  type SystemContext,
} from './service-environment.js';
import { adminPortOf, type StackPorts } from './stack-ports.js';

export interface ProgramSpec {
  readonly name: ProgramName;
  /** Its log: the name, with a number for all instances but the first. */
  readonly log?: string;
  readonly args?: readonly string[];
  readonly environment: () => Environment | Promise<Environment>;
  /** What its heap is made for. */
  readonly pace: Pace;
  /** All of them answer 200 when it does its work. */
  readonly readyUrls: readonly string[];
  /** Answers 200 while the process lives, whatever is away. */
  readonly aliveUrl?: string;
}

export interface ServiceContext {
  readonly layout: Layout;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  /** What a caller wants on top for the next life of a service. */
  extraEnvironment(name: ProgramName): Environment;
}

/** One process for all simulated venues, each on a port and with a book of its own. */
export function simulatorSpec(
  ports: StackPorts,
  venues: readonly SimulatedName[],
  layout: Layout,
  logLevel: string,
  pace: Pace,
  tls: LocalTls | null,
): ProgramSpec {
  const named = venues.map((venue) => `${venue}=${ports[`simulator-${venue}`]}`).join(',');
  return {
    name: 'venue-simulator',
    args: ['all', '--ports', named, '--data', layout.simulators],
    environment: () => simulatorEnvironment(logLevel, tls),
    pace,
    readyUrls: venues.map((venue) => `${urlOf(ports[`simulator-${venue}`])}/_sim/credentials`),
  };
}

/** Of any service. A connector whose venue is simulated is given what its simulator hands out when it starts. */
export function serviceSpec(context: SystemContext, name: ServiceName, pace: Pace): ProgramSpec {
  const venue = venueOfConnector(name);
  return {
    name,
    environment: () =>
      venue !== undefined && isSimulated(venue)
        ? simulatedEnvironment(context, venue, pace)
        : serviceEnvironment(context, name),
    pace: venue === undefined || venue === SIMULATED_NAMES[0] ? pace : 'real',
    ...healthUrlsOf(context, name),
  };
}

async function simulatedEnvironment(
  context: SystemContext,
  venue: SimulatedName,
  pace: Pace,
): Promise<Environment> {
  const simulatorUrl = urlOf(context.ports[`simulator-${venue}`]);
  return connectorEnvironment(context, venue, await readCredentials(simulatorUrl), pace);
}

function healthUrlsOf(
  { ports, tls }: SystemContext,
  name: ServiceName,
): Pick<ProgramSpec, 'readyUrls' | 'aliveUrl'> {
  const url = serviceUrlOf(adminPortOf(ports, name), tls);
  return { readyUrls: [`${url}/readyz`], aliveUrl: `${url}/healthz` };
}

/**
 * Under load messages live for one batch, and would otherwise be copied around several times before they die. And where little is kept
 * for long, V8 collects the old generation when it has grown by a fifth to a half, which at 50 withdrawals a second is every three
 * seconds, on all cores: with 300 percent it may grow to four times what lives, as it does under load by itself (ADR 68). Where the venues' own
 * limits let a withdrawal through now and then, both are memory for nothing, and eight services share the machine.
 */
const HEAPS: Readonly<Record<Pace, readonly string[]>> = {
  fast: ['--max-semi-space-size=32', '--heap-growing-percent=300'],
  real: ['--max-semi-space-size=4'],
};

/**
 * Far more than any service needs. V8 lets the old generation grow to four times what lives where it may have 2 GiB or more, and to twice
 * what lives right below; half of this saves some 80 MB more under load and costs the ledger a quarter of its speed (ADR 13).
 */
const OLD_MB = 2_000;

/** Of a service that is busy, on its own or in a benchmark. */
export const SERVICE_NODE_FLAGS: readonly string[] = nodeFlags('fast');

function nodeFlags(pace: Pace): readonly string[] {
  return ['--enable-source-maps', ...HEAPS[pace], `--max-old-space-size=${OLD_MB}`];
}

/** Starts one of our own apps under supervision and waits for HTTP 200 from its readiness endpoint. */
export function startServiceProcess(
  spec: ProgramSpec,
  context: ServiceContext,
): Promise<SupervisedProcess> {
  const root = workspaceRoot();
  const { aliveUrl } = spec;
  return superviseProcess({
    name: spec.name,
    command: async () => ({
      command: process.execPath,
      args: [
        ...nodeFlags(spec.pace),
        join(root, 'apps', spec.name, 'dist', 'main.js'),
        ...(spec.args ?? []),
      ],
      env: { ...(await spec.environment()), ...context.extraEnvironment(spec.name) },
      cwd: root,
    }),
    logFile: context.layout.logOf(spec.log ?? spec.name),
    ready: async () => void (await Promise.all(spec.readyUrls.map((url) => answersOk(url)))),
    readyTimeoutMs: 60_000,
    ...(aliveUrl !== undefined && { alive: () => answersOk(aliveUrl, 10_000) }),
    stopGraceMs: 22_000, // the services' own drain gives up after 20 s
    restart: true,
    guard: context.guard,
    events: context.events,
  });
}

async function answersOk(url: string, withinMs = 3_000): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${body.slice(0, 300)}`);
}
