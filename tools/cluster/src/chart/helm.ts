import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';
import { chartConfig } from './config.js';

export const CHART = join(workspaceRoot(), 'deploy/helm/sluice');
const MODULE = join(workspaceRoot(), 'tools/cluster/helm');

interface Answer {
  readonly ok: boolean;
  readonly out: string;
}

export function findHelm(): Helm | null {
  const program = helmProgram();
  return program === null ? null : new Helm(program);
}

/** Null without a configured Helm and without Go to build the pinned version. */
export function helmProgram(): string | null {
  const { helm } = chartConfig();
  if (helm !== '') return helm;
  if (spawnSync('go', ['version']).status !== 0) return null;
  const pins = ['go.mod', 'go.sum'].map((file) => join(MODULE, file));
  try {
    return fetchedTool('helm', pins, build);
  } catch {
    return null; // Go has printed the reason; without its module proxy Helm cannot be built
  }
}

/** Go verifies every module against go.sum; the first build takes 2 CPU minutes. */
function build(to: string): void {
  execFileSync(
    'go',
    ['build', '-mod=readonly', '-trimpath', '-o', to, 'helm.sh/helm/v3/cmd/helm'],
    { cwd: MODULE, env: { ...process.env, CGO_ENABLED: '0' }, stdio: 'inherit' },
  );
}

export class Helm {
  constructor(private readonly program: string) {}

  lint(values: string): Answer {
    return this.ask(['lint', '--strict', CHART, '--values', values]);
  }

  template(values: string, more: readonly string[] = [], release = 'pay'): Answer {
    const version = ['--kube-version', '1.32.0'];
    return this.ask(['template', release, CHART, '--values', values, ...version, ...more]);
  }

  private ask(args: readonly string[]): Answer {
    const { status, stdout, stderr, error } = spawnSync(this.program, args, {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (error) throw error;
    return { ok: status === 0, out: status === 0 ? stdout : `${stdout}${stderr}` };
  }
}
