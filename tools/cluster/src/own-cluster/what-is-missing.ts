import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { userInfo } from 'node:os';

/** Requirements of an own cluster for a machine. */
export interface Machine {
  readonly platform: string;
  readonly uid: number;
  /** True if the program is installed. */
  hasProgram(name: string): boolean;
  /** True if the file or folder exists. */
  hasPath(path: string): boolean;
  isFree(port: number): Promise<boolean>;
}

/** Required programs, each with the source package. */
const PROGRAMS = [
  ['etcd', 'etcd-server'],
  ['containerd', 'containerd'],
  ['ctr', 'containerd'],
  ['runc', 'runc'],
  ['ip', 'iproute2'],
  ['iptables', 'iptables'],
  ['go', 'Go, which builds Kubernetes and Prometheus'],
] as const;
const CNI = '/usr/lib/cni';
/** Port of the kubelet. If the port is in use, the machine is already a node. */
const KUBELET_PORT = 10_250;

/**
 * Lists the reasons against a cluster on this machine, a sentence each; empty if a cluster can
 * start.
 */
export async function whatIsMissing(machine: Machine): Promise<readonly string[]> {
  if (machine.platform !== 'linux')
    return [`a node runs on Linux, and this is ${machine.platform}`];
  const missing = PROGRAMS.filter(([program]) => !machine.hasProgram(program));
  return [
    ...(machine.uid === 0 ? [] : ['only root may start containers and their network']),
    ...missing.map(([program, from]) => `there is no ${program} (${from})`),
    ...(machine.hasPath(`${CNI}/bridge`)
      ? []
      : [`there is no ${CNI}/bridge (containernetworking-plugins)`]),
    ...(machine.hasPath('/sys/fs/cgroup/memory') ||
    machine.hasPath('/sys/fs/cgroup/cgroup.controllers')
      ? []
      : ['there are no cgroups in /sys/fs/cgroup']),
    ...((await machine.isFree(KUBELET_PORT))
      ? []
      : [`port ${KUBELET_PORT} is taken: a kubelet runs here already`]),
  ];
}

/** Programs of administrators are not in everybody's PATH. */
const PLACES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

export const THIS_MACHINE: Machine = {
  platform: process.platform,
  uid: userInfo().uid,
  hasProgram: (name) => PLACES.some((place) => isExecutable(join(place, name))),
  hasPath: existsSync,
  isFree: (port) =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
    }),
};

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
