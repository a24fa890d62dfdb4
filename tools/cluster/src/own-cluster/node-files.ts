import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import {
  CertificateAuthority,
  fetchedTool,
  workspaceRoot,
  writeServerTls,
} from '@sluice/test-servers';

/** Address prefixes of pods and Services. The first pod address is this machine. */
export const PODS = '10.244.0';
export const SERVICES = '10.96.0';
export const BRIDGE = 'sluice-pods';
const DOMAIN = 'cluster.local';

export interface NodeFiles {
  readonly kubeconfig: string;
  readonly containerdSocket: string;
  readonly containerd: string;
  readonly kubelet: string;
  readonly corefile: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly api: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
}

/** Writes all files of a node's programs. Keys and certificates are generated for each start. */
export async function writeNodeFiles(
  folder: string,
  apiPort: number,
  nodeAddress: string,
): Promise<NodeFiles> {
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const authority = await CertificateAuthority.create();
  const hosts = ['localhost', '127.0.0.1', `${SERVICES}.1`, 'kubernetes.default.svc'];
  const api = await writeServerTls(join(folder, 'api'), authority, { hosts });
  const token = randomBytes(16).toString('hex');
  const kubeconfig = write('kubeconfig', kubeconfigText(apiPort, api.caFile, token));
  const containerdSocket = join(folder, 'containerd/containerd.sock');
  write('cni/10-bridge.conflist', cniText(join(folder, 'cni-addresses')));
  write('resolv.conf', '');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    kubeconfig,
    containerdSocket,
    api,
    tokens: write('tokens.csv', `${token},admin,admin,system:masters\n`),
    serviceAccountKey: write(
      'service-accounts.pem',
      privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    ),
    containerd: write('containerd.toml', containerdText(folder, containerdSocket)),
    kubelet: write('kubelet.json', kubeletText(folder, containerdSocket, nodeAddress)),
    corefile: write('Corefile', corefileText(kubeconfig)),
  };
}

function kubeconfigText(port: number, caFile: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'own',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': caFile },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'own', context: { cluster: 'own', user: 'admin' } }],
    'current-context': 'own',
  });
}

function cniText(dataDir: string): string {
  const ipam = {
    type: 'host-local',
    dataDir,
    ranges: [[{ subnet: `${PODS}.0/24` }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = {
    type: 'bridge',
    bridge: BRIDGE,
    isGateway: true,
    ipMasq: true,
    hairpinMode: true,
  };
  return JSON.stringify({ cniVersion: '0.4.0', name: 'pods', plugins: [{ ...bridge, ipam }] });
}

/**
 * Configuration of containerd. Root may lack the right to raise limits, therefore a container's OOM
 * score is limited to the score of containerd.
 */
function containerdText(folder: string, socket: string): string {
  return `version = 2
root = "${join(folder, 'containerd/root')}"
state = "${join(folder, 'containerd/state')}"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/sluice-pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(folder, 'cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;
}

function kubeletText(folder: string, socket: string, address: string): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver: 'cgroupfs',
    failSwapOn: false,
    oomScoreAdj: 0,
    containerRuntimeEndpoint: `unix://${socket}`,
    clusterDNS: [`${PODS}.1`],
    clusterDomain: DOMAIN,
    resolvConf: join(folder, 'resolv.conf'),
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    // no image deletion on a full disk, because the node cannot pull images again
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
    },
    address,
  });
}

function corefileText(kubeconfig: string): string {
  return `.:53 {
    bind ${PODS}.1
    errors
    cache 5
    kubernetes ${DOMAIN} {
        kubeconfig ${kubeconfig}
    }
}
`;
}

const MODULES = join(workspaceRoot(), 'tools/cluster/kubernetes');
const PARTS = ['apiserver', 'controller-manager', 'scheduler', 'proxy'].map(
  (part) => `kube-${part}`,
);
const PINS = [
  'go.mod',
  'go.sum',
  'pause/main.go',
  'coredns/go.mod',
  'coredns/go.sum',
  'coredns/main.go',
];

/** The folder with the programs of Kubernetes and CoreDNS. Go compares every module with go.sum; 12 CPU minutes the first time. */
export function kubernetesPrograms(version: string): string {
  const pins = PINS.map((file) => join(MODULES, file));
  return fetchedTool('kubernetes', pins, (to) => {
    mkdirSync(to);
    const [major, minor] = version.slice(1).split('.');
    const of = 'k8s.io/component-base/version';
    const stamp = `-s -w -X ${of}.gitVersion=${version} -X ${of}.gitMajor=${major} -X ${of}.gitMinor=${minor}`;
    const commands = [...PARTS, 'kubelet', 'kubectl'].map(
      (name) => `k8s.io/kubernetes/cmd/${name}`,
    );
    build(MODULES, ['-ldflags', stamp, '-o', `${to}/`, ...commands]);
    build(MODULES, ['-ldflags', '-s -w', '-o', join(to, 'pause'), './pause'], { CGO_ENABLED: '0' });
    build(join(MODULES, 'coredns'), ['-ldflags', '-s -w', '-o', join(to, 'coredns'), '.'], {
      CGO_ENABLED: '0',
    });
  });
}

function build(
  cwd: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): void {
  execFileSync('go', ['build', '-mod=readonly', ...args], {
    cwd,
    env: { ...process.env, ...more },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
