import { join } from 'node:path';
import type { ProcessGuard } from '../process/guard.js';
import { superviseProcess, type SupervisedProcess, type SupervisorEvents } from '../process/supervise-process.js';
import { workspaceRoot } from '../workspace-root.js';
import type { Layout } from './layout.js';
import type { ServiceName } from './run-file.js';
import {
  connectorEnvironment,
  intakeEnvironment,
  ledgerEnvironment,
  simulatorEnvironment,
  urlOf,
  type Environment,
  type Surroundings,
} from './service-environment.js';
import { readCredentials, type Pace } from './simulator-doors.js';
import type { StackPorts } from './stack-ports.js';

export interface ServiceSpec {
  readonly name: ServiceName;
  readonly args?: readonly string[];
  readonly environment: () => Environment | Promise<Environment>;
  readonly readyUrl: string;
}

export interface ServiceContext {
  readonly layout: Layout;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  /** What a caller wants on top for the next life of a service. */
  extraEnvironment(name: ServiceName): Environment;
}

export function simulatorSpec(ports: StackPorts, layout: Layout, logLevel: string): ServiceSpec {
  const port = ports['venue-simulator'];
  return {
    name: 'venue-simulator',
    args: ['gateio', '--port', `${port}`, '--data', layout.simulator],
    environment: () => simulatorEnvironment(logLevel),
    readyUrl: `${urlOf(port)}/_sim/credentials`,
  };
}

export function serviceSpecs(world: Surroundings, simulatorUrl: string, pace: Pace): readonly ServiceSpec[] {
  const readyUrl = (name: keyof StackPorts): string => `${urlOf(world.ports[name])}/readyz`;
  return [
    { name: 'ledger', environment: () => ledgerEnvironment(world), readyUrl: readyUrl('ledger') },
    {
      name: 'connector-gateio',
      environment: async () => connectorEnvironment(world, await readCredentials(simulatorUrl), pace),
      readyUrl: readyUrl('connector-gateio'),
    },
    { name: 'intake-api', environment: () => intakeEnvironment(world), readyUrl: readyUrl('intake-api') },
  ];
}

/** A young generation of 32 MB: messages live for one batch, and would otherwise be copied around several times before they die. */
export const SERVICE_NODE_FLAGS: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=32', '--disable-warning=TimeoutNegativeWarning'];

/** Starts one of our own apps under supervision and waits for HTTP 200 from its readiness door. */
export function startServiceProcess(spec: ServiceSpec, context: ServiceContext): Promise<SupervisedProcess> {
  const root = workspaceRoot();
  return superviseProcess({
    name: spec.name,
    command: async () => ({
      command: process.execPath,
      args: [...SERVICE_NODE_FLAGS, join(root, 'apps', spec.name, 'dist', 'main.js'), ...(spec.args ?? [])],
      env: { ...(await spec.environment()), ...context.extraEnvironment(spec.name) },
      cwd: root,
    }),
    logFile: context.layout.logOf(spec.name),
    ready: () => answersOk(spec.readyUrl),
    readyTimeoutMs: 60_000,
    stopGraceMs: 22_000, // the services' own drain gives up after 20 s
    restart: true,
    guard: context.guard,
    events: context.events,
  });
}

async function answersOk(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${body.slice(0, 300)}`);
}
