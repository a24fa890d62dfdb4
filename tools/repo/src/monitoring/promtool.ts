import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';

const MODULE = join(workspaceRoot(), 'tools/repo/promtool');

export interface PromtoolResult {
  readonly ok: boolean;
  readonly out: string;
}

/** Null if no promtool is named and no Go can build promtool. */
export function findPromtool(named: string): Promtool | null {
  if (named !== '') return new Promtool(named);
  if (spawnSync('go', ['version']).status !== 0) return null;
  const pins = ['go.mod', 'go.sum'].map((file) => join(MODULE, file));
  try {
    return new Promtool(fetchedTool('promtool', pins, build));
  } catch {
    return null; // Go has printed the reason
  }
}

/**
 * Builds promtool. Go verifies every module against go.sum. Service discoveries are left out,
 * because each includes a whole cloud client.
 */
function build(to: string): void {
  const program = 'github.com/prometheus/prometheus/cmd/promtool';
  execFileSync(
    'go',
    ['build', '-mod=readonly', '-trimpath', '-tags', 'remove_all_sd', '-o', to, program],
    { cwd: MODULE, env: { ...process.env, CGO_ENABLED: '0' }, stdio: 'inherit' },
  );
}

export class Promtool {
  constructor(private readonly program: string) {}

  ask(args: readonly string[], input = ''): PromtoolResult {
    const { status, stdout, stderr, error } = spawnSync(this.program, args, {
      encoding: 'utf8',
      input,
    });
    if (error) throw error;
    return { ok: status === 0, out: `${stdout}${stderr}`.trim() };
  }
}
