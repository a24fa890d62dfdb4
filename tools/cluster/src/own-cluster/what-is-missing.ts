/** What a cluster of its own needs of a machine. */
export interface Machine {
  readonly platform: string;
  readonly uid: number;
  /** Whether it has this program. */
  hasProgram(name: string): boolean;
  /** Whether it has this file or folder. */
  hasPath(path: string): boolean;
  isFree(port: number): Promise<boolean>;
}

/** Programs, each with where it comes from. */
const PROGRAMS = [
  ['etcd', 'etcd-server'],
  ['containerd', 'containerd'],
  ['ctr', 'containerd'],
  ['runc', 'runc'],
  ['ip', 'iproute2'],
  ['iptables', 'iptables'],
  ['go', 'Go, which builds Kubernetes'],
] as const;
const CNI = '/usr/lib/cni';
/** The kubelet's; whoever has it is a node already. */
const KUBELET_PORT = 10_250;

/** Why no cluster can be brought up here, a sentence each; empty where one can. */
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
