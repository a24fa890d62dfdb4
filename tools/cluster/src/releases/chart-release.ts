import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { CHART } from '../chart/helm.js';
import { runProgram } from '../programs/kubectl.js';
import type { ValuesSchema } from './known-values.js';

const FOLDER = 'deploy/helm/sluice';

/** A version of the chart. Its images have the same version. */
export interface ChartRelease {
  readonly folder: string;
  readonly version: string;
  /** Image names without registry: every service of this version, the simulator and the command. */
  readonly images: readonly string[];
  readonly schema: ValuesSchema;
}

export const THIS_RELEASE = releaseIn(CHART);

/**
 * Extracts the chart of a commit.
 *
 * @param ref A tag, branch or commit; default: the commit of the last release.
 */
export async function olderRelease(ref: string | undefined, to: string): Promise<ChartRelease> {
  const root = workspaceRoot();
  const commit = ref ?? lastRelease().commit;
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const archive = join(to, 'chart.tar');
  const git = ['archive', `--output=${archive}`, '--end-of-options', commit, FOLDER];
  await runProgram('git', git, { cwd: root });
  await runProgram('tar', ['--extract', '--file', archive, '--directory', to]);
  return releaseIn(join(to, FOLDER));
}

function lastRelease(): { readonly commit: string } {
  return readJson(join(workspaceRoot(), 'deploy/last-release.json'));
}

function releaseIn(folder: string): ChartRelease {
  const [, version = ''] =
    /^appVersion: *'?([^'\s]+)'?$/m.exec(readFileSync(join(folder, 'Chart.yaml'), 'utf8')) ?? [];
  const services = readJson<object>(join(folder, 'files/services.json'));
  const names = [...Object.keys(services), 'venue-simulator', 'cli'];
  return {
    folder,
    version,
    images: names.map((name) => `sluice-${name}:${version}`),
    schema: readJson(join(folder, 'values.schema.json')),
  };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
