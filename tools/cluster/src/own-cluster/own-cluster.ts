import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  superviseProcess,
  type ProcessGuard,
  type SupervisedProcess,
} from '@sluice/test-servers';
import { Kubectl, runProgram } from '../programs/kubectl.js';
import {
  BRIDGE,
  PODS,
  SERVICES,
  kubernetesPrograms,
  writeNodeFiles,
  type NodeFiles,
} from './node-files.js';
import { endLeftovers, PlacesBefore } from './leftovers.js';

export const KUBERNETES_VERSION = 'v1.32.13';
const READY_MS = 120_000;

/**
 * A complete cluster of a single node on this machine. Kubernetes and CoreDNS are built with Go;
 * etcd, containerd and runc are the machine's programs.
 */
export class OwnCluster {
  /** Address of this machine for pods. */
  readonly host = `${PODS}.1`;
  private readonly running: SupervisedProcess[] = [];
  private readonly before = new PlacesBefore();

  private constructor(
    private readonly folder: string,
    private readonly guard: ProcessGuard,
    private readonly engine: string,
    private readonly programs: string,
    private readonly files: NodeFiles,
  ) {}

  /**
   * Starts a cluster after the clean-up of an earlier cluster in the folder. On failure, no process
   * of the new cluster is left running.
   */
  static async start(folder: string, guard: ProcessGuard, engine: string): Promise<OwnCluster> {
    await endLeftovers(folder);
    await runProgram('ip', ['link', 'delete', BRIDGE]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const [apiPort, etcdPort, peerPort] = [await freePort(), await freePort(), await freePort()];
    const address = addressOfThisMachine();
    const files = await writeNodeFiles(folder, apiPort, address);
    const programs = kubernetesPrograms(KUBERNETES_VERSION);
    const cluster = new OwnCluster(folder, guard, engine, programs, files);
    try {
      await cluster.startControlPlane(address, apiPort, etcdPort, peerPort);
      await cluster.startNode();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  kubectl(namespace: string): Kubectl {
    return new Kubectl(join(this.programs, 'kubectl'), this.files.kubeconfig, namespace);
  }

  /**
   * Imports images from the local container engine, with shared layers only once; pulls no image.
   */
  async load(images: readonly string[]): Promise<void> {
    const file = join(this.folder, 'images.tar');
    const several = this.engine === 'podman' ? ['--multi-image-archive'] : [];
    await runProgram(this.engine, ['save', ...several, '--output', file, ...images]);
    await this.containers(['images', 'import', file]);
    rmSync(file);
  }

  /** Ends all processes by pid, and removes all additions to the machine. */
  async stop(): Promise<void> {
    const [containerd, ...first] = ['containerd', 'kubelet', 'kube-proxy', 'coredns'];
    await this.end((name) => first.includes(name));
    await this.endContainers();
    await this.end((name) => name === containerd);
    await this.end(() => true);
    await runProgram(join(this.programs, 'kube-proxy'), ['--cleanup']).catch(() => undefined);
    await endLeftovers(this.folder);
    await this.before.restore(BRIDGE);
  }

  private async end(which: (name: string) => boolean): Promise<void> {
    for (const one of this.running.toReversed()) if (which(one.name)) await one.stop();
  }

  private async startControlPlane(
    address: string,
    apiPort: number,
    etcdPort: number,
    peerPort: number,
  ): Promise<void> {
    const { api, tokens, serviceAccountKey, kubeconfig } = this.files;
    const etcd = `http://127.0.0.1:${etcdPort}`;
    await this.run(
      'etcd',
      'etcd',
      [
        '--data-dir',
        join(this.folder, 'etcd'),
        '--unsafe-no-fsync',
        '--listen-client-urls',
        etcd,
        '--advertise-client-urls',
        etcd,
        '--listen-peer-urls',
        `http://127.0.0.1:${peerPort}`,
        '--initial-advertise-peer-urls',
        `http://127.0.0.1:${peerPort}`,
        '--initial-cluster',
        `default=http://127.0.0.1:${peerPort}`,
      ],
      async () => {
        const { ok } = await fetch(`${etcd}/health`);
        if (!ok) throw new Error('it is not healthy');
      },
    );
    const ask = this.kubectl('default');
    const own = (name: string): string => join(this.programs, name);
    await this.run(
      'kube-apiserver',
      own('kube-apiserver'),
      [
        `--etcd-servers=${etcd}`,
        `--secure-port=${apiPort}`,
        `--advertise-address=${address}`,
        `--tls-cert-file=${api.certFile}`,
        `--tls-private-key-file=${api.keyFile}`,
        `--token-auth-file=${tokens}`,
        '--authorization-mode=Node,RBAC',
        `--service-cluster-ip-range=${SERVICES}.0/24`,
        '--allow-privileged=true',
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${serviceAccountKey}`,
        `--service-account-signing-key-file=${serviceAccountKey}`,
        '--kubelet-preferred-address-types=InternalIP',
        `--cert-dir=${this.folder}`,
      ],
      async () => void (await ask.run(['get', '--raw', '/readyz'])),
    );
    const client = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false'];
    await this.run('kube-controller-manager', own('kube-controller-manager'), [
      ...client,
      `--service-account-private-key-file=${serviceAccountKey}`,
      `--root-ca-file=${api.caFile}`,
      '--use-service-account-credentials=true',
    ]);
    await this.run('kube-scheduler', own('kube-scheduler'), client);
  }

  private async startNode(): Promise<void> {
    const { kubeconfig, kubelet, corefile, containerd } = this.files;
    const own = (name: string): string => join(this.programs, name);
    await runProgram('ip', ['link', 'add', BRIDGE, 'type', 'bridge']);
    await runProgram('ip', ['address', 'add', `${this.host}/24`, 'dev', BRIDGE]);
    await runProgram('ip', ['link', 'set', BRIDGE, 'up']);
    await this.run('containerd', 'containerd', ['--config', containerd], async () => {
      await this.containers(['version']);
    });
    await this.loadPause();
    const of = [`--kubeconfig=${kubeconfig}`, '--hostname-override=node-1'];
    const ask = this.kubectl('default');
    await this.run('kube-proxy', own('kube-proxy'), [
      ...of,
      '--proxy-mode=iptables',
      `--cluster-cidr=${PODS}.0/24`,
      ...['max-per-core', 'tcp-timeout-established', 'tcp-timeout-close-wait'].map(
        (limit) => `--conntrack-${limit}=0`,
      ),
    ]);
    await this.run('coredns', own('coredns'), ['-conf', corefile]);
    await this.run(
      'kubelet',
      own('kubelet'),
      [...of, `--config=${kubelet}`, `--root-dir=${join(this.folder, 'kubelet')}`],
      async () =>
        void (await ask.run(['wait', '--for=condition=Ready', 'node/node-1', '--timeout=1s'])),
    );
  }

  private async loadPause(): Promise<void> {
    const image = 'localhost/sluice-pause:1';
    const file = join(this.folder, 'Pausefile');
    writeFileSync(
      file,
      'FROM scratch\nCOPY pause /pause\nUSER 65535:65535\nENTRYPOINT ["/pause"]\n',
    );
    await runProgram(this.engine, ['build', '--tag', image, '--file', file, this.programs]);
    await this.load([image]);
  }

  private containers(args: readonly string[]): Promise<string> {
    return runProgram('ctr', [
      '--address',
      this.files.containerdSocket,
      '--namespace',
      'k8s.io',
      ...args,
    ]);
  }

  private async endContainers(): Promise<void> {
    const listed = await this.containers(['tasks', 'list', '--quiet']).catch(() => '');
    for (const id of listed.split('\n').filter(Boolean)) {
      await this.containers(['tasks', 'kill', '--signal', 'KILL', id]).catch(() => undefined);
      await this.containers(['tasks', 'delete', '--force', id]).catch(() => undefined);
    }
  }

  private async run(
    name: string,
    command: string,
    args: readonly string[],
    ready: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const one = await superviseProcess({
      name,
      command: () => ({ command, args }),
      logFile: join(this.folder, 'logs', `${name}.log`),
      ready,
      readyTimeoutMs: READY_MS,
      guard: this.guard,
    });
    this.running.push(one);
  }
}

function addressOfThisMachine(): string {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const address = all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  if (address === undefined) throw new Error('this machine has no address of its own');
  return address;
}
