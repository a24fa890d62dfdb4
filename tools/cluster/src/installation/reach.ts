import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Agent, setGlobalDispatcher } from 'undici';
import {
  freePort,
  superviseProcess,
  type ProcessGuard,
  type SupervisedProcess,
} from '@sluice/test-servers';
import {
  SERVICE_NAMES,
  SIMULATED_NAMES,
  endpointOf,
  ofEach,
  specOf,
  type RunFile,
  type ServiceName,
} from '@sluice/stack';
import type { Kubectl } from '../programs/kubectl.js';
import { simulatorUrl, type Servers } from './servers.js';

/** Access of this process to Services by name, because the certificates name the Services. */
export interface Reach {
  /** Returns `host:port` for use with `fetch`. */
  of(service: string, port: number): string;
  stop(): Promise<void>;
}

interface ServicePort {
  readonly service: string;
  readonly port: number;
}

/**
 * Access if this machine is a node: directly to the addresses of the Services, like a pod. An
 * unknown name is looked up again, because an upgrade adds Services.
 */
export async function reachDirectly(kubectl: Kubectl): Promise<Reach> {
  let addresses = await kubectl.serviceAddresses();
  resolveBy(async (name) => {
    if (!addresses.has(name)) addresses = await kubectl.serviceAddresses();
    return addresses.get(name);
  });
  return { of: (service, port) => `${service}:${port}`, stop: () => Promise.resolve() };
}

/**
 * Access if this machine is no node: through the API server, with a local port per Service. A
 * forwarding begins with the first use, because an upgrade adds Services, and is restarted if the
 * pod ends.
 */
export async function reachByForwarding(
  kubectl: Kubectl,
  wanted: readonly ServicePort[],
  guard: ProcessGuard,
  logs: string,
): Promise<Reach> {
  const ports = new Map<ServicePort, number>();
  for (const one of wanted) ports.set(one, await freePort(undefined, new Set(ports.values())));
  const forward = ({ service, port }: ServicePort, own: number): Promise<SupervisedProcess> =>
    superviseProcess({
      name: `way-to-${service}-${port}`,
      command: () => ({
        command: kubectl.program,
        args: [
          '--namespace',
          kubectl.namespace,
          'port-forward',
          `service/${service}`,
          `${own}:${port}`,
        ],
        env: { ...kubectl.env },
      }),
      logFile: join(logs, `way-to-${service}-${port}.log`),
      ready: () => listens(own),
      restart: true,
      guard,
    });
  const ways = new Map<string, Promise<readonly SupervisedProcess[]>>();
  resolveBy(async (name) => {
    const there = [...ports].filter(([{ service }]) => service === name);
    if (there.length === 0) return undefined;
    const opened = ways.get(name) ?? Promise.all(there.map(([one, own]) => forward(one, own)));
    ways.set(name, opened);
    await opened.catch((error: unknown) => {
      ways.delete(name);
      throw error;
    });
    return '127.0.0.1';
  });
  const portOf = (service: string, port: number): number | undefined =>
    [...ports].find(([one]) => one.service === service && one.port === port)?.[1];
  return {
    of: (service, port) => `${service}:${portOf(service, port) ?? port}`,
    stop: async () => {
      const opened = (await Promise.allSettled(ways.values())).flatMap((one) =>
        one.status === 'fulfilled' ? one.value : [],
      );
      await Promise.all(opened.map((way) => way.stop()));
    },
  };
}

async function listens(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

/** Resolves the names of Services; all other names and addresses stay unchanged. */
function resolveBy(addressOf: (name: string) => Promise<string | undefined>): void {
  setGlobalDispatcher(
    new Agent({
      connect: {
        lookup: (name, { all }, done) => {
          void addressOf(name).then(
            (address = name) => {
              if (all) done(null, [{ address, family: 4 }]);
              else done(null, address, 4);
            },
            (error: unknown) => {
              done(error as Error, '', 4);
            },
          );
        },
      },
    }),
  );
}

/**
 * Services reachable for the tours. The signer is excluded: only connector-evm connects to the
 * signer.
 */
const REACHED = SERVICE_NAMES.filter((name) => !specOf(name).isolated);

/** Every Service used by a tour from outside the cluster. */
export function servicePortsOf(release: string): readonly ServicePort[] {
  return [
    { service: `${release}-intake-api`, port: 8080 },
    ...REACHED.map((name) => adminPort(release, name)),
  ];
}

/** Builds the run file for `npm start -- --at FILE` and the operator command. */
export function runFileOf(reach: Reach, servers: Servers, release: string): RunFile {
  const { caFile, issuer, host, ports, chains } = servers;
  const urlOf = ({ service, port }: ServicePort): string => `https://${reach.of(service, port)}`;
  const internal = ofEach(REACHED, (name) => urlOf(adminPort(release, name)));
  return {
    intake_url: urlOf({ service: `${release}-intake-api`, port: 8080 }),
    webhooks_url: internal.webhooks,
    ca_file: caFile,
    kafka_brokers: [`${host}:${ports.kafka}`],
    databases: ofEach(SERVICE_NAMES, () => ''),
    processes: {},
    simulators: Object.fromEntries(
      SIMULATED_NAMES.map((venue) => [venue, simulatorUrl(servers, venue)]),
    ) as RunFile['simulators'],
    internal: Object.fromEntries(
      REACHED.map((name) => [endpointOf(name), internal[name]]),
    ) as RunFile['internal'],
    chains,
    issuer: { token_url: issuer.tokenUrl, people: issuer.people },
  };
}

function adminPort(release: string, name: ServiceName): ServicePort {
  return specOf(name).isPublic
    ? { service: `${release}-${name}-admin`, port: 8081 }
    : { service: `${release}-${name}`, port: 8080 };
}
