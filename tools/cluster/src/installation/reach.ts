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
import type { Kubectl } from '../kubectl.js';

/** How this process gets to Services by their own names, for which their certificates are. */
export interface Reach {
  /** `host:port`, as `fetch` takes it from now on. */
  of(service: string, port: number): string;
  stop(): Promise<void>;
}

export interface ServicePort {
  readonly service: string;
  readonly port: number;
}

/** Where this machine is a node: to the addresses of the Services, as any pod would. */
export async function reachDirectly(kubectl: Kubectl): Promise<Reach> {
  const addresses = await kubectl.serviceAddresses();
  resolveBy((name) => addresses.get(name));
  return { of: (service, port) => `${service}:${port}`, stop: () => Promise.resolve() };
}

/** Where it is none: through the API server, by a port of this machine for each. A way that ends with its pod is made anew. */
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
  resolveBy((name) => (names.has(name) ? '127.0.0.1' : undefined));
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

/** Other names, and addresses, stay what they are. */
function resolveBy(addressOf: (name: string) => string | undefined): void {
  setGlobalDispatcher(
    new Agent({
      connect: {
        lookup: (name, { all }, done) => {
          const address = addressOf(name) ?? name;
          if (all) done(null, [{ address, family: 4 }]);
          else done(null, address, 4);
        },
      },
    }),
  );
}
