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
import type { Kubectl } from '../programs/kubectl.js';

/** Access of this process to Services by name, because the certificates name the Services. */
export interface Reach {
  /** Returns `host:port` for use with `fetch`. */
  of(service: string, port: number): string;
  stop(): Promise<void>;
}

export interface ServicePort {
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
 * forwarding is restarted if the pod ends.
 */
export async function reachByForwarding(
  kubectl: Kubectl,
  wanted: readonly ServicePort[],
  guard: ProcessGuard,
  logs: string,
): Promise<Reach> {
  const ports = new Map<string, number>();
  const ways: SupervisedProcess[] = [];
  for (const { service, port } of wanted) {
    const own = await freePort(undefined, new Set(ports.values()));
    ports.set(`${service}:${port}`, own);
    const words = ['port-forward', `service/${service}`, `${own}:${port}`];
    ways.push(
      await superviseProcess({
        name: `way-to-${service}-${port}`,
        command: () => ({
          command: kubectl.program,
          args: ['--namespace', kubectl.namespace, ...words],
          env: { ...kubectl.env },
        }),
        logFile: join(logs, `way-to-${service}-${port}.log`),
        ready: () => listens(own),
        restart: true,
        guard,
      }),
    );
  }
  const names = new Set(wanted.map(({ service }) => service));
  resolveBy((name) => Promise.resolve(names.has(name) ? '127.0.0.1' : undefined));
  return {
    of: (service, port) => `${service}:${ports.get(`${service}:${port}`) ?? port}`,
    stop: async () => void (await Promise.all(ways.map((way) => way.stop()))),
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
