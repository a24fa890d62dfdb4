import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

interface NodeProgram {
  readonly version: string;
  readonly program: string;
}

const OLDEST = 20;

/**
 * Returns the running Node and each other Node in `PATH` supported by the packages, a program per
 * version.
 */
export function nodesAtHand(): readonly NodeProgram[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const programs = [process.execPath, ...folders.map((folder) => join(folder, 'node'))];
  const found = new Map<string, NodeProgram>();
  for (const program of programs) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    const version = stdout?.trim() ?? '';
    const [, major = '0'] = /^v(\d+)\./.exec(version) ?? [];
    if (status === 0 && Number(major) >= OLDEST && !found.has(version))
      found.set(version, { version, program });
  }
  return [...found.values()];
}
