import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';

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
